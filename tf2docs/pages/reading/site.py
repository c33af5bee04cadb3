"""Where a site keeps its pages, and what running them needs."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from tf2docs.pages.reading.conventions import Conventions, markdown_slug
from tf2docs.pages.reading.fence_options import FENCE_OPTIONS
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
    """A site of pages: in one language, or in several, each with the same paths in its folder.

    Attributes:
        docs: The folder that holds the pages or the language folders, `records/`, `assets/figures/`
            and `assets/files/`.
        languages: The language folders, the default language first; `()` where the pages are in
            `docs` itself.
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
            them. Without `unbound`, numbers in prose needn't be bound or marked either.
        environment: Environment variables that pages and what is preloaded for them find; they come
            before yours. A value that begins with `~/` is a place in the page's own home, and
            nowhere while modules are preloaded.
        gpu: Python that is true where a page's library sees a GPU, such as
            `torch.cuda.is_available()`; its first name is a module, and where no page has imported
            that, there is no GPU. `.gpu` and `--device` ask it.
        working_files: Patterns of files beside a page, such as `data/*.csv`, that it finds in its
            working folder under the same names.
        shown_languages: Languages of fences that are shown and not run, beside those that every
            site may have; `""` for a fence without one.
        ignored_options: Options of fences that are for other tools, such as `lint` for
            `lint="skip"` or `.annotate`.
        heading_ids: Whether every heading needs an id. One without has the id that `slug` makes.
        descriptions: Whether the front matter of every page needs a title and a description.
        slug: Makes an id of the words of a heading that has none, as the site does it.
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
    environment: Mapping[str, str] = field(default_factory=dict)
    gpu: str = ""
    working_files: tuple[str, ...] = ()
    shown_languages: tuple[str, ...] = ()
    ignored_options: tuple[str, ...] = ()
    heading_ids: bool = True
    descriptions: bool = True
    slug: Callable[[str], str] = markdown_slug

    def __post_init__(self) -> None:
        names = None if isinstance(self.languages, str) else self.languages
        if names is None or not all(
            isinstance(name, str) and _FOLDER.fullmatch(name) for name in names
        ):
            raise ValueError(
                f"languages={self.languages!r}, but each must be the name of a folder in docs, as "
                "in ('zh', 'en'), or no page is collected; for pages in docs itself, give "
                "languages=()"
            )
        for name in ("working_files", "shown_languages", "ignored_options", "versions", "ignore"):
            _refuse_bare_text(name, getattr(self, name))
        _refuse_wrong_names(self)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of `docs` that hold the pages; where it holds them itself, the empty name."""
        return self.languages or ("",)

    @cached_property
    def conventions(self) -> Conventions:
        """What the site agrees on for the text of its pages."""
        return Conventions(
            shown_languages=frozenset(self.shown_languages),
            ignored_options=frozenset(self.ignored_options),
            heading_ids=self.heading_ids,
            descriptions=self.descriptions,
            bound_numbers="unbound" not in self.ignore,
            versions=self.versions,
            slug=self.slug,
        )

    def holds(self, path: Path) -> bool:
        """Whether a file is in a folder of the site's pages, and not in a hidden one."""
        if not path.is_relative_to(self.docs) or self.language_of(path) not in self.folders:
            return False
        return not any(part.startswith(".") for part in path.relative_to(self.docs).parts)

    def language_of(self, path: Path) -> str:
        """The language folder that a page is in; nothing where there are none."""
        return path.relative_to(self.docs).parts[0] if self.languages else ""

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
        return _pages_below(self.docs / language) if language in self.folders else []

    def files_beside(self, path: Path) -> dict[str, Path]:
        """The working files of a page, by the names that it finds them under."""
        folder = path.parent
        found = (file for pattern in self.working_files for file in folder.glob(pattern))
        return {file.relative_to(folder).as_posix(): file for file in found if file.is_file()}

    def read(self, path: Path) -> Page:
        """Read a page of the site."""
        return read_page(path, self.label(path), self.conventions)

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


def _pages_below(top: Path) -> list[Path]:
    """The pages in a folder and below, but for what is hidden; every check of a page asks."""
    found: list[Path] = []
    for folder, below, names in os.walk(top):
        below[:] = [name for name in below if not name.startswith(".")]
        pages = (name for name in names if name.endswith(".md") and not name.startswith("."))
        found += (Path(folder, name) for name in pages)
    return sorted(found)


def _refuse_bare_text(name: str, value: object) -> None:
    """A text is a sequence of letters, and `("a")` is a text: a slip that would go unseen."""
    if isinstance(value, str):
        raise ValueError(f"{name}={value!r} is a text; give a tuple of them, ({value!r},)")


def _refuse_wrong_names(site: Site) -> None:
    """Refuse what would hide blocks that are run, or put a file outside a working folder."""
    for name in sorted(FENCE_OPTIONS.keys() & set(site.shown_languages)):
        raise ValueError(
            f"shown_languages names {name!r}, and fences called so have a meaning of their own; "
            "take it out"
        )
    for pattern in site.working_files:
        if not pattern or PurePath(pattern).is_absolute() or ".." in PurePath(pattern).parts:
            raise ValueError(
                f"working_files has {pattern!r}, but a pattern names files below the page's "
                "folder, such as 'data/*.csv'"
            )
