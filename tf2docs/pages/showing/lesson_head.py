"""What stands below a lesson's title.

Minutes, what to read first, topics, when it was tested, what to take along.

A lesson is a page whose front matter says how many `minutes` it takes.
"""

from html import escape
from pathlib import Path
from posixpath import dirname, relpath

from tf2docs.pages.reading.page import Page, read_page
from tf2docs.pages.reading.reading_time import reading_time
from tf2docs.pages.reading.records import Record
from tf2docs.pages.reading.tags import NAME as TAGS
from tf2docs.pages.reading.tags import anchors, tags_of
from tf2docs.pages.showing.words import WORDS, written_date

TESTED = "trust"  # the page that says what "tested" means
_NAMES = {"tensorflow": "TensorFlow", "keras": "Keras"}


def below_title(
    page: Page,
    name: str,
    language: str,
    record: Record | None,
    downloads: dict[str, str],
    *,
    minutes_of_all: int,
) -> list[str]:
    """The Markdown lines that stand below a lesson's title.

    Args:
        page: The page.
        name: Its path without the language, such as `start/beginner`.
        language: Its language.
        record: What its last full run measured.
        downloads: Where its files are, by kind: `notebook`, `script`, `source`, `colab`, `package`.
        minutes_of_all: The minutes of the page with its optional sections and exercises.
    """
    words = WORDS[language]
    facts = [_minutes(page, language, minutes_of_all)]
    if first := page.meta.get("requires"):
        facts.append(words["requires"] + words["comma"].join(_title(page, name, r) for r in first))
    if tags := tags_of(page):
        known = anchors(page.path.parents[name.count("/")])
        facts.append(
            words["tags"]
            + words["comma"].join(_tag(name, tag, known.get(tag.lower())) for tag in tags)
        )
    lines = ["", " · ".join(facts), "{ .tf2-facts data-search-exclude }", ""]
    if page.blocks:
        lines += [
            _tested(page, name, language, record),
            "{ .tf2-facts .tf2-tested data-search-exclude }",
            "",
        ]
        links = " ".join(
            _download(kind, words[kind], address) for kind, address in downloads.items()
        )
        lines += [f'<p class="tf2-downloads" data-search-exclude>{links}</p>', ""]
    return lines


def _minutes(page: Page, language: str, minutes_of_all: int) -> str:
    """What the page takes, and what more there is to read."""
    words, time = WORDS[language], reading_time(page)
    said = words["minutes"].format(page.meta["minutes"])
    counted = {"optional_parts": time.optional, "exercise_parts": time.exercises}
    parts = words["and"].join(words[part] for part, minutes in counted.items() if minutes)
    if not parts or minutes_of_all <= page.meta["minutes"]:
        return said
    return said + words["more"].format(parts=parts, minutes=minutes_of_all)


def seconds_of(page: Page, record: Record | None) -> list[float | None]:
    """How long each block of a page took in its last full run; None where that isn't known."""
    if record is None or not is_current(page, record):
        return [None] * len(page.blocks)
    return [block.seconds if block.status == "ran" else None for block in record.blocks]


def is_current(page: Page, record: Record | None) -> bool:
    """Whether a record can be the page's: the tests compare the two to the letter."""
    return record is not None and len(record.blocks) == len(page.blocks)


def _tested(page: Page, name: str, language: str, record: Record | None) -> str:
    words, link = WORDS[language], _relative(TESTED, name)
    if record is None or not is_current(page, record):
        return words["stale"].format(page=link)
    versions = words["comma"].join(
        f"{shown} {record.versions[key]}" for key, shown in _NAMES.items() if key in record.versions
    )
    return words["tested"].format(
        page=link,
        date=written_date(record.date, language),
        ran=sum(block.status == "ran" for block in record.blocks),
        blocks=len(record.blocks),
        versions=versions,
        device=record.device,
        seconds=f"{record.seconds:.0f}",
    )


def _title(page: Page, name: str, required: str) -> str:
    """A link to a required page, by that page's own title."""
    path = page.path.parents[name.count("/")] / f"{required}.md"
    title = read_page(path, path.name).meta["title"] if path.exists() else required
    return f"[{title}]({_relative(required, name)})"


def _tag(name: str, tag: str, anchor: str | None) -> str:
    """A link to the other pages with a tag."""
    return f"[{tag}]({_relative(TAGS, name)}#{anchor})" if anchor else tag


def _relative(target: str, name: str) -> str:
    return relpath(f"{target}.md", dirname(name) or ".")


def _download(kind: str, label: str, address: str) -> str:
    how = "" if kind in ("source", "colab") else " download"
    return f'<a class="tf2-download" href="{escape(address)}"{how}>{label}</a>'


def figures_of(docs: Path, name: str) -> Path:
    """The folder of a page's figures."""
    return docs / "assets" / "figures" / name
