"""What a site agrees on for the text of its pages: how they are read, and what they must have."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property


def markdown_slug(words: str) -> str:
    """The anchor that Python-Markdown makes of a heading's words.

    Examples:
        >>> markdown_slug("What's new in Café 2.0?"), markdown_slug("安装 Python")
        ('whats-new-in-cafe-20', 'python')
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


@dataclass(frozen=True)
class Conventions:
    """The conventions of a site's pages; `Site` says what each means.

    Examples:
        >>> Conventions(versions=("pydantic",)).version.findall("Pydantic 2.10, others 2.11")
        ['Pydantic 2.10']
    """

    shown_languages: frozenset[str] = frozenset()
    ignored_options: frozenset[str] = frozenset()
    heading_ids: bool = True
    descriptions: bool = True
    bound_numbers: bool = True
    versions: tuple[str, ...] = ()
    slug: Callable[[str], str] = markdown_slug

    @cached_property
    def version(self) -> re.Pattern[str]:
        """A version in prose, which nothing need compute: a name, and a number behind it."""
        own = "|".join(map(re.escape, self.versions))
        names = f"{_NAMES}|(?i:{own})" if own else _NAMES
        return re.compile(rf"\b(?:{names})[ \u00a0]v?\d+(?:\.\d+)*")


_NAMES = "TensorFlow|TF|Keras|Python|NumPy|CUDA|MkDocs"

OURS = Conventions()
"""Those of a site that says nothing of its own."""
