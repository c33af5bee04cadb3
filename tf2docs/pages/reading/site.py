"""Where a site keeps its pages, and what running them needs."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tf2docs.pages.reading.page import Page, read_page

_FOLDER = re.compile(r"(?!\.)[^/\\]+")


@dataclass(frozen=True)
class Data:
    """The data that pages are run on.

    Attributes:
        environment: The environment variables by which the pages find them.
        checksums: Their checksums by name, for the record.
    """

    environment: dict[str, str] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)


def _no_data(folder: Path) -> Data:
    return Data()


@dataclass(frozen=True)
class Site:
    """A site of pages in several languages, one folder a language, the same paths in each.

    Attributes:
        docs: The folder that holds the language folders, `records/`, `assets/figures/` and
            `assets/files/`.
        languages: The language folders, the default language first.
        preload: Modules to import once, before the processes of the pages are forked.
        versions: Modules whose versions belong in a record.
        small_data: Fills the folder that it is given with small data sets, for runs in seconds, and
            describes them. Numbers aren't compared on them. Without it, every run is on the real
            data, and every number counts.
        real_data: The same for the real data sets.
        symbols: Roots of names in inline code that must exist, such as `tf`, and the module that
            each stands for.
        packages: Packages whose code the pages teach: what a page imports from them it must have
            quoted.
        plumbing: Names of those packages that may be imported without, such as `lessons.data.load`.
        most_skips: How many blocks of the whole site may have `.norun` or `.gpu`.
        ignore: Codes of checks that the site does without, such as `numbers`; CONTRIBUTING lists
            them.
    """

    docs: Path
    languages: tuple[str, ...] = ("zh", "en")
    preload: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    small_data: Callable[[Path], Data] | None = None
    real_data: Callable[[Path], Data] = _no_data
    symbols: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    plumbing: frozenset[str] = frozenset()
    most_skips: int = 0
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = () if isinstance(self.languages, str) else self.languages
        if not names or not all(
            isinstance(name, str) and _FOLDER.fullmatch(name) for name in names
        ):
            raise ValueError(
                f"languages={self.languages!r}, but each must be the name of a folder in docs, as "
                "in ('zh', 'en'), or no page is collected; for pages in docs itself, give the "
                "folder around it and languages=('docs',)"
            )

    def language_of(self, path: Path) -> str:
        """The language folder that a page is in."""
        return path.relative_to(self.docs).parts[0]

    def name_of(self, path: Path) -> str:
        """What a page is called in every language.

        Its path without the language folder and the suffix.
        """
        return path.relative_to(self.docs / self.language_of(path)).with_suffix("").as_posix()

    def label(self, path: Path) -> str:
        """A path as a report shows it, from the folder that holds `docs`."""
        return path.relative_to(self.docs.parent).as_posix()

    def page(self, language: str, name: str) -> Path:
        """The file of a page."""
        return self.docs / language / f"{name}.md"

    def full_name(self, symbol: str) -> str:
        """A symbol as Python imports it: `tensorflow.nn` for `tf.nn`."""
        root, _, rest = symbol.partition(".")
        return f"{self.symbols.get(root, root)}.{rest}"

    def twins(self, path: Path) -> Iterator[Path]:
        """The files that hold the same page in the other languages."""
        for language in self.languages:
            if language != self.language_of(path):
                yield self.page(language, self.name_of(path))

    def paths(self, language: str) -> list[Path]:
        """The files of all pages in a language."""
        return sorted((self.docs / language).rglob("*.md"))

    def read(self, path: Path) -> Page:
        """Read a page of the site."""
        return read_page(path, self.label(path))

    def record(self, name: str) -> Path:
        """The file that keeps what running a page measured."""
        return self.docs / "records" / f"{name}.json"

    def ledger(self, name: str) -> Path:
        """The file that keeps which texts of a page were declared equal."""
        return self.docs / "ledger" / f"{name}.json"

    def file(self, name: str, file: str) -> Path:
        """A file that a page's block left for the site."""
        return self.docs / "assets" / "files" / name / file

    def figure(self, name: str, figure: str) -> Path:
        """The file of a figure that a page's block drew."""
        return self.docs / "assets" / "figures" / name / f"{figure}.svg"
