"""Show the reference in another language.

Docstrings out of a catalogue, each held to the English it was made from.

A catalogue, such as `docs/translations/zh.yml`, holds for each object on the reference pages a text
and the fingerprint of the docstring that it translates. A docstring that changed, one without a
translation and a translation of nothing each warn, so that a strict build fails. Examples aren't in
the catalogue: they are shown as in English.

`python -m tf2docs.pages translate` says what is to be done; with the names of objects it takes down
what was done.
"""

import argparse
import contextlib
import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import griffe
import yaml

from tf2docs.pages.atomic_files import write_files
from tf2docs.pages.errors import PageError, Problem

log = logging.getLogger("mkdocs.plugins.tf2docs")

_COMMAND = "python -m tf2docs.pages translate"
_HEAD = f"""\
# The docstrings that docs/{{language}}/reference/ shows, in its order. CONTRIBUTING.md (Translate) says how.
# `english` is a fingerprint of the docstring that `text` translates; `{_COMMAND} NAME` writes it.
# Names, code and what begins a section (Args:, Returns:) stay. Examples: are left out, and shown as in English.
"""  # noqa: E501
# what mkdocstrings shows, and its options
_SHOWN = re.compile(r"^::: (\S+)\n((?:(?: {4}.*)?\n)*)", re.MULTILINE)
_SECTION = re.compile(
    r"^(Args|Attributes|Examples|Raises|References|Returns|Warns|Yields):.*\n", re.MULTILINE
)
# what an item of these sections is about
_NAMED = re.compile(r"^ {4}(?! )([^:\n]+): ", re.MULTILINE)
_SECTIONS_WITH_NAMES = ("Args", "Attributes", "Raises", "Warns")
_KEPT = re.compile(r"`[^`\n]+`|\]\[[^\]\n]*\]|\]\([^()\n]*\)")  # inline code, and where links lead
_DENIES = re.compile(
    r"\b(?:not|never|nothing|nobody|neither|nor|cannot|no(?! more\b))\b|n't\b", re.IGNORECASE
)
_DENIES_IN_CHINESE = re.compile(r"[不没无非未别勿免]|以外|之外|而是|才|只|问题")
_IS_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"(?<![A-Za-z_\d.])(\d+(?:,\d{3})*(?:\.\d+)?)(?P<ten_thousands> ?万)?")


@dataclass(frozen=True)
class Entry:
    """A translation, and the fingerprint of the English that it was made from.

    None if it is still to be made.
    """

    english: str
    text: str


Catalogue = dict[str, Entry]
"""Translations by the path of the object, such as `tf2docs.models.Line`."""


class Translating(griffe.Extension):
    """What griffe calls while mkdocstrings reads a package.

    Puts a catalogue's texts in place of the docstrings.

    Args:
        docs: The folder that holds the language folders and the catalogues.
        language: The language that is built. Where it has no catalogue, docstrings stay.
    """

    # Zensical runs no hook that says more
    def __init__(self, docs: str = "docs", language: str = "en") -> None:
        self._docs, self._language = Path(docs), language

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Translate what is shown of a package, and warn of what can't be."""
        path = self._docs / "translations" / f"{self._language}.yml"
        if not path.exists():
            return
        objects = shown_objects(self._docs / self._language, pkg)
        catalogue = {
            name: entry
            for name, entry in read_catalogue(path).items()
            if name.partition(".")[0] == pkg.name
        }
        for problem in find_problems(path, catalogue, objects):
            log.warning(problem)
        for name in catalogue.keys() & objects.keys():
            docstring = _docstring(objects[name])
            docstring.value = translated(docstring.value, catalogue[name].text)


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue.

    Raises:
        PageError: The file isn't one.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return {
            name: Entry(str(entry["english"] or ""), entry["text"].strip())
            for name, entry in entries.items()
        }
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        mark, why = (
            getattr(error, "problem_mark", None),
            getattr(error, "problem", None) or repr(error),
        )
        message = (
            f"this isn't a catalogue ({why}); each object has a fingerprint `english` and a `text`"
        )
        raise PageError([Problem(_label(path), mark.line + 1 if mark else 1, message)]) from None


def write_catalogue(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue, whole or not at all, so that it reads well.

    A text as it is, a line a line.

    Raises:
        OSError: It can't be written; what there was is still there.
        ValueError: It would show a secret of this process.
    """
    parts = [_HEAD.format(language=path.stem)]
    for name, entry in catalogue.items():
        lines = [f"    {line}".rstrip() for line in entry.text.splitlines()]
        parts.append("\n".join([f'{name}:\n  english: "{entry.english}"\n  text: |', *lines, ""]))
    write_files({path: "\n".join(parts)})


def shown_objects(pages: Path, package: griffe.Module) -> dict[str, griffe.Object]:
    """What the pages in a folder show of a package, as far as it has a docstring.

    Page by page, an overview last.

    Args:
        pages: The folder of a language.
        package: The package, as griffe reads it.
    """
    found: dict[str, griffe.Object] = {}
    for page in sorted(pages.rglob("*.md"), key=lambda page: (page.name == "index.md", page)):
        for name, options in _SHOWN.findall(page.read_text(encoding="utf-8")):
            root, _, rest = name.partition(".")
            if root == package.name:
                members = (yaml.safe_load(options) or {}).get("options", {}).get("members")
                # there is no such object, and mkdocstrings says so
                with contextlib.suppress(KeyError):
                    found |= _with_members(package[rest] if rest else package, members)
    return found


def find_problems(
    path: Path, catalogue: Catalogue, objects: dict[str, griffe.Object]
) -> Iterator[Problem]:
    """What keeps a catalogue from translating what is shown, no more and no less.

    Args:
        path: The catalogue's file.
        catalogue: What is in it.
        objects: What is shown.
    """
    for name, target in objects.items():
        docstring = _docstring(target)
        place = (target.relative_package_filepath.as_posix(), docstring.lineno or 1)
        entry, english = catalogue.get(name), docstring.value
        if entry is None:
            yield Problem(
                *place,
                f"the docstring of {name} isn't translated; `{_COMMAND} {name}` begins a "
                "translation",
            )
        elif entry.english != fingerprint(english):
            fault = "changed" if entry.english else "isn't translated"
            mend = f"translate it in {_label(path)}:{_line(path, name)}, then: {_COMMAND} {name}"
            yield Problem(*place, f"the docstring of {name} {fault}; {mend}")
        else:
            for difference in differences(english, entry.text):
                yield Problem(
                    _label(path), _line(path, name), f"the translation of {name} {difference}"
                )
    for name in catalogue:
        if name not in objects:
            message = (
                f"{name} isn't on the reference pages any more; `{_COMMAND} {name}` removes its "
                "translation"
            )
            yield Problem(_label(path), _line(path, name), message)


def fingerprint(docstring: str) -> str:
    """What changes when a docstring has to be translated anew.

    Not with its examples, nor with its line ends.
    """
    prose = "".join(text for name, text in _sections(docstring) if name != "Examples")
    return hashlib.sha256(" ".join(prose.split()).encode()).hexdigest()[:12]


def translated(english: str, text: str) -> str:
    """A translation with the examples of the English docstring.

    They come at the place where they stand there.
    """
    ours = dict(_sections(text))
    both = [part if name == "Examples" else ours.pop(name, "") for name, part in _sections(english)]
    return "\n\n".join(part.strip() for part in [*both, *ours.values()] if part.strip())


def differences(english: str, text: str) -> Iterator[str]:
    """Say what a translation lacks, or has of its own, of what must be the same.

    Sections, names, code, links, and numbers beyond one, which either may write as a word.
    """
    theirs = [(name, part) for name, part in _sections(english) if name != "Examples"]
    ours = _sections(text)
    if [name for name, _ in theirs] != [name for name, _ in ours]:
        wanted = ", ".join(name for name, _ in theirs if name) or "none"
        yield (
            f"has the sections {', '.join(name for name, _ in ours if name) or 'none'}, expected "
            f"{wanted}"
        )
        return
    for (name, wanted), (_, found) in zip(theirs, ours, strict=True):
        if name in _SECTIONS_WITH_NAMES and _NAMED.findall(wanted) != _NAMED.findall(found):
            has, expected = (
                ", ".join(_NAMED.findall(part)) or "nothing" for part in (found, wanted)
            )
            yield f"explains {has} under {name}, expected {expected}"
    for here, there in _lost_denials(theirs, ours) if _IS_CHINESE.search(text) else ():
        yield f"denies nothing in {_start(there)}, and the docstring does in {_start(here)}"
    whole = ["".join(part for _, part in parts) for parts in (theirs, ours)]
    wanted, found = (set(_KEPT.findall(text)) for text in whole)
    if missing := sorted(wanted - found):
        yield f"lacks {', '.join(missing)}"
    if extra := sorted(found - wanted):
        yield f"has {', '.join(extra)}, which the docstring hasn't"
    expected, said = (_numbers(_KEPT.sub("", text)) for text in whole)
    if expected != said:
        shown = (", ".join(f"{number:.12g}" for number in sorted(one)) for one in (said, expected))
        yield "says the numbers {}, expected {}".format(*(one or "none" for one in shown))


def _lost_denials(
    theirs: list[tuple[str, str]], ours: list[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Where the English says no and the Chinese doesn't: the pieces, or sections in one piece."""
    for (name, wanted), (_, found) in zip(theirs, ours, strict=True):
        pieces, others = _pieces(name, wanted), _pieces(name, found)
        if len(pieces) != len(others):
            pieces, others = [wanted], [found]
        for here, there in zip(pieces, others, strict=True):
            if _DENIES.search(_KEPT.sub("", here)) and not _DENIES_IN_CHINESE.search(there):
                yield here, there


def _pieces(name: str, text: str) -> list[str]:
    """The explained names of a section, or its paragraphs."""
    return (
        re.split(r"^ {4}(?! )", text, flags=re.M)
        if name in _SECTIONS_WITH_NAMES
        else (text.split("\n\n"))
    )


def _start(text: str) -> str:
    return repr(" ".join(text.split())[:40])


def _numbers(prose: str) -> set[float]:
    """The numbers beyond one that are written in digits; `6 万` is sixty thousand."""
    found = _NUMBER.finditer(prose)
    values = (float(n[1].replace(",", "")) * (10_000 if n["ten_thousands"] else 1) for n in found)
    return {value for value in values if value > 1}


def take_down(
    name: str, catalogue: Catalogue, objects: dict[str, griffe.Object]
) -> tuple[Catalogue, str]:
    """Begin, finish or remove a translation: whichever is due.

    Args:
        name: The object's path.
        catalogue: The translations so far.
        objects: What is shown.

    Returns:
        The translations from now on, and what was done.
    """
    if name not in objects:
        if name not in catalogue:
            return catalogue, f"{name} is neither on the reference pages nor in the catalogue"
        return {
            other: entry for other, entry in catalogue.items() if other != name
        }, f"{name} is removed"
    english = _docstring(objects[name]).value
    prose = "\n\n".join(
        part.strip() for section, part in _sections(english) if section != "Examples"
    )
    text = catalogue[name].text if name in catalogue else prose
    if text == prose:
        entry, done = (
            Entry("", text),
            f"{name} is in the catalogue in English: translate it, then call this again",
        )
    else:
        entry, done = (
            Entry(fingerprint(english), text),
            f"{name} is declared a translation of what is there now",
        )
    catalogue = {**catalogue, name: entry}
    order = [*objects, *(other for other in catalogue if other not in objects)]
    return {other: catalogue[other] for other in order if other in catalogue}, done


def main(arguments: Sequence[str], docs: Path = Path("docs")) -> int:
    """Say what is to be done in all catalogues.

    First take down what was done to the objects named.
    """
    parser = argparse.ArgumentParser(
        prog=_COMMAND, description="Say which docstrings are to be translated."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="begin, finish or remove this translation"
    )
    names = parser.parse_args(arguments).names
    problems: list[Problem] = []
    for path in sorted((docs / "translations").glob("*.yml")):
        catalogue = read_catalogue(path)
        objects: dict[str, griffe.Object] = {}
        for package in _packages(docs / path.stem):
            objects |= shown_objects(docs / path.stem, package)
        for name in names:
            catalogue, done = take_down(name, catalogue, objects)
            print(done)
        if names:
            write_catalogue(path, catalogue)
        problems += find_problems(path, catalogue, objects)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def _packages(pages: Path) -> Iterator[griffe.Module]:
    """The packages that the pages in a folder show something of, read but not imported."""
    texts = (page.read_text(encoding="utf-8") for page in sorted(pages.rglob("*.md")))
    names = dict.fromkeys(
        name.partition(".")[0] for text in texts for name, _ in _SHOWN.findall(text)
    )
    for name in names:
        package = griffe.load(name, search_paths=[Path.cwd()], try_relative_path=False)
        assert isinstance(package, griffe.Module)
        yield package


def _with_members(
    target: griffe.Object | griffe.Alias, members: list[str] | None
) -> dict[str, griffe.Object]:
    """An object and those within it, by the paths under which they are shown."""
    shown = target.final_target if isinstance(target, griffe.Alias) else target
    found = {target.path: shown} if target.docstring else {}
    for member in target.members.values():
        if member.name in members if members is not None else _is_shown(member):
            found |= _with_members(member, None)
    return found


def _docstring(target: griffe.Object) -> griffe.Docstring:
    """The docstring of what is shown, which nothing is without."""
    assert target.docstring is not None
    return target.docstring


def _is_shown(member: griffe.Object | griffe.Alias) -> bool:
    """Whether mkdocstrings shows a member by the settings of mkdocs.yml.

    Nobody told it to show that one.
    """
    if member.name.startswith("_") or (member.is_imported and not member.is_public):
        return False
    return not (member.is_module or member.inherited)


def _sections(docstring: str) -> list[tuple[str, str]]:
    """A docstring cut where a section begins.

    The section's word, none for the beginning, and its text.
    """
    starts = list(_SECTION.finditer(docstring))
    ends = [*(start.start() for start in starts), len(docstring)]
    named = [
        (start[1], docstring[start.start() : end])
        for start, end in zip(starts, ends[1:], strict=True)
    ]
    return [("", docstring[: ends[0]]), *named]


def _label(path: Path) -> str:
    return path.relative_to(path.parents[2]).as_posix()


def _line(path: Path, name: str) -> int:
    """The line of an entry in its file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines.index(f"{name}:") + 1 if f"{name}:" in lines else 1
