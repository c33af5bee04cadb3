"""Share tests out among machines, by what they took when they were recorded.

A page runs as a whole, in both languages at once, so it is what is shared out; of other tests, a
file. Every machine works out the same shares by itself.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

_GUESS = 0.1  # seconds a test takes of which nothing is recorded


def parse_shard(text: str) -> tuple[int, int]:
    """Read `2/3`, the second of three shares.

    Raises:
        ValueError: it is nothing of the kind.
    """
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise ValueError(f"--shard takes a share such as 2/3, the second of three, not {text!r}")
    return int(found[1]), int(found[2])


def share(weights: dict[str, float], count: int) -> list[set[str]]:
    """Share names out so that the heaviest share is about as light as can be.

    The heaviest name comes first.

    Examples:
        >>> [sorted(names) for names in share({"a": 5, "b": 3, "c": 3}, 2)]
        [['a'], ['b', 'c']]
    """
    shares: list[set[str]] = [set() for _ in range(count)]
    loads = [0.0] * count
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        lightest = loads.index(min(loads))
        shares[lightest].add(name)
        loads[lightest] += weights[name]
    return shares


def choose(items: Iterable[pytest.Item], shard: tuple[int, int]) -> list[pytest.Item]:
    """The tests of one share, in their order."""
    items = list(items)
    weights: dict[str, float] = {}
    for item in items:
        seconds = _recorded_seconds(item)
        group = _group(item)
        weights[group] = weights.get(group, 0.0) + _GUESS if seconds is None else seconds
    index, count = shard
    chosen = share(weights, count)[index - 1]
    return [item for item in items if _group(item) in chosen]


def _group(item: pytest.Item) -> str:
    """What must stay together: a page in all languages, or a file."""
    site = getattr(item.parent, "site", None)
    return f"page {site.name_of(item.path)}" if site else str(item.path)


def _recorded_seconds(item: pytest.Item) -> float | None:
    site = getattr(item.parent, "site", None)
    return _seconds(site.record(site.name_of(item.path))) if site else None


def _seconds(record: Path) -> float | None:
    """What a page took; None where there is no record that says so."""
    try:
        return float(json.loads(record.read_text(encoding="utf-8"))["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
