"""JSON files that carry a checksum of themselves, so that what is edited by hand shows."""

import hashlib
import json
from typing import Any

CHECKSUM = "checksum"
"""The key that the checksum stands under, behind all others."""


def sealed(data: dict[str, Any]) -> str:
    """A file's text that holds some data and their checksum.

    Examples:
        >>> is_sealed(sealed({"seconds": 1.5}))
        True
        >>> is_sealed(sealed({"seconds": 1.5}).replace("1.5", "1.4"))
        False
    """
    whole = data | {CHECKSUM: _checksum(data)}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def is_sealed(text: str) -> bool:
    """Whether a file's text holds the checksum of its data."""
    try:
        data = json.loads(text)
        return bool(data.pop(CHECKSUM) == _checksum(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def is_edited(text: str) -> bool:
    """Whether a file's text holds data without their checksum. Whoever reads it refuses no data."""
    try:
        return isinstance(json.loads(text), dict) and not is_sealed(text)
    except (ValueError, RecursionError):
        return False


def _checksum(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
