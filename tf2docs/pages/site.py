"""Where a site keeps its pages, and what running them needs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tf2docs.pages.page import Page, read_page


def _no_data(folder: Path) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Site:
    """A site of pages in several languages, one folder a language, the same paths in each.

    Attributes:
        docs: The folder that holds the language folders, `records/` and `assets/figures/`.
        languages: The language folders, the default language first.
        preload: Modules to import once, before the processes of the pages are forked.
        versions: Modules whose versions belong in a record.
        small_data: Fills a folder with small data sets, for runs in seconds, and returns the environment
            variables with which the pages find them there.
        real_data: The same for the real data sets.
    """

    docs: Path
    languages: tuple[str, ...] = ("zh", "en")
    preload: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    small_data: Callable[[Path], dict[str, str]] = _no_data
    real_data: Callable[[Path], dict[str, str]] = _no_data

    def language_of(self, path: Path) -> str:
        """The language folder that a page is in."""
        return path.relative_to(self.docs).parts[0]

    def name_of(self, path: Path) -> str:
        """What a page is called in every language: its path without folder of the language and suffix."""
        return path.relative_to(self.docs / self.language_of(path)).with_suffix("").as_posix()

    def label(self, path: Path) -> str:
        """A path as a report shows it, from the folder that holds `docs`."""
        return path.relative_to(self.docs.parent).as_posix()

    def page(self, language: str, name: str) -> Path:
        """The file of a page."""
        return self.docs / language / f"{name}.md"

    def twins(self, path: Path) -> Iterator[Path]:
        """The files that hold the same page in the other languages."""
        for language in self.languages:
            if language != self.language_of(path):
                yield self.page(language, self.name_of(path))

    def read(self, path: Path) -> Page:
        """Read a page of the site."""
        return read_page(path, self.label(path))

    def record(self, name: str) -> Path:
        """The file that keeps what running a page measured."""
        return self.docs / "records" / f"{name}.json"

    def figure(self, name: str, figure: str) -> Path:
        """The file of a figure that a page's block drew."""
        return self.docs / "assets" / "figures" / name / f"{figure}.svg"
