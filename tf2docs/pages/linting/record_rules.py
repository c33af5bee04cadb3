"""Rules for what a page's record says of its run, which no claim of the page holds."""

import datetime
import re
from collections.abc import Iterator

from tf2docs.pages.errors import Problem
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.records import Record, readable_record
from tf2docs.pages.reading.sealing import is_edited
from tf2docs.pages.reading.site import Site

_MEND = "make it anew; a record of a page is written by pytest --refresh alone"
_ROUNDING = 0.0005  # seconds of a block, to three decimals; those of the page have two
_VERSION = re.compile(r"\b(?P<name>[A-Za-z]\w*)(?:==|[ :]+)(?P<version>\d+\.\d+\.\d+)\b", re.ASCII)


def implausible_records(site: Site, page: Page) -> Iterator[tuple[int, str]]:
    """Find what can't be true in a page's record: its day, its seconds, its versions."""
    name = site.name_of(page.path)
    record = readable_record(site.record(name)) if page.blocks else None
    if record is None or site.language_of(page.path) not in ("", *site.languages[:1]):
        return
    label = site.label(site.record(name))
    for problem in (_day_ahead(record), _other_seconds(record), *_other_versions(record)):
        if problem:
            yield 1, f"{label} {problem}; {_MEND}"


def edited_records(site: Site) -> Iterator[Problem]:
    """Find the records, of pages and of tables, whose checksum isn't that of what they hold."""
    for path in sorted((site.docs / "records").rglob("*.json")):
        if path.is_file() and is_edited(path.read_text(encoding="utf-8", errors="replace")):
            message = "isn't as the command that made it wrote it: its checksum is another"
            yield Problem(site.label(path), 1, f"{message}; {_MEND}")


def _day_ahead(record: Record) -> str | None:
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)  # it is there already, eastwards
    day = datetime.date.fromisoformat(record.date)
    return f"is of {record.date}, which is still to come" if day > tomorrow else None


def _other_seconds(record: Record) -> str | None:
    total = sum(block.seconds for block in record.blocks)
    if abs(total - record.seconds) <= 0.005 + _ROUNDING * (len(record.blocks) + 1):
        return None
    return f"says that the page took {record.seconds} s, and its blocks {total:.2f} s"


def _other_versions(record: Record) -> Iterator[str]:
    for text in dict.fromkeys(block.text for block in record.blocks):
        for found in _VERSION.finditer(text):
            recorded = record.versions.get(found["name"].lower(), found["version"])
            if recorded != found["version"]:
                yield f"names {found['name']} {recorded}, and its blocks printed {found['version']}"
