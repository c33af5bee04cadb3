"""Tell from pytest's report what fails with another TensorFlow and what only moved."""

import ast
import datetime
import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tf2docs.pages.trying.trials import STATUSES, Finding, Trial

_CLAIMS = ("output", "number", "figure")


@dataclass(frozen=True)
class Item:
    """A part of a page, and what pytest said of it.

    Attributes:
        page: The page's name.
        line: Its line.
        kind: `page`, `python`, `output`, `source`, `number`, `figure`, …
        status: What became of it, if it is a block.
        says: The report of its failure, if it failed.
    """

    page: str
    line: int
    kind: str
    status: str | None = None
    says: str | None = None


def read_report(junit: str, language: str) -> list[Item]:
    """The parts of the pages in a JUnit report.

    Of pytest's family `xunit1`, which tells files and lines.

    Args:
        junit: The report.
        language: The folder in `docs` that holds the pages.
    """
    return [_item(case, language) for case in ElementTree.fromstring(junit).iter("testcase")]


def judge(
    items: Sequence[Item], versions: dict[str, str], asked: list[str], records: Path
) -> Trial:
    """Tell what fails from what moved.

    Args:
        items: All parts of the pages.
        versions: What was installed, by name.
        asked: The requirements that were asked for.
        records: The folder of the records, which say what versions the pages show.
    """
    statuses = Counter(item.status for item in items)
    bad = [item for item in items if item.says is not None]
    moved = [item for item in bad if item.kind in _CLAIMS or item.status == "ran"]
    return Trial(
        tensorflow=_minor(versions["tensorflow"]),
        date=datetime.date.today().isoformat(),
        asked=asked,
        versions=versions,
        pages=len({item.page for item in items}),
        blocks={status: statuses[status] for status in STATUSES},
        failed=sorted(
            _finding(item, items, in_a_line(str(item.says))) for item in bad if item not in moved
        ),
        moved=sorted(
            _finding(item, items, says)
            for item in moved
            if (says := _how_it_moved(item, versions, records))
        ),
    )


def _minor(version: str) -> str:
    return "nightly" if "dev" in version else ".".join(version.split(".")[:2])


def _item(case: ElementTree.Element, language: str) -> Item:
    page = Path(case.get("file", "")).relative_to("docs", language).with_suffix("").as_posix()
    name = re.match(r"line-\d+-(\w+)", case.get("name", ""))
    kind = name[1] if name else "page"  # it couldn't even be read
    said = [found.text or "" for tag in ("failure", "error") for found in case.findall(tag)]
    line = int(case.get("line") or 0) + 1  # pytest counts from 0
    return Item(
        page, line, kind, _status(case) if kind == "python" else None, said[0] if said else None
    )


def _status(case: ElementTree.Element) -> str:
    """What became of a block, by the property `tf2docs/block` that its item reports."""
    found = case.find("properties/property[@name='tf2docs/block']")
    return "failed" if found is None else ast.literal_eval(found.get("value", ""))[2]


def _finding(item: Item, items: Sequence[Item], says: str) -> Finding:
    starts = [one.line for one in items if one.kind == "python" and one.page == item.page]
    rests = item.kind in ("python", *_CLAIMS)
    block = sum(start <= item.line for start in starts) if rests else 0
    return Finding(item.page, block, item.line, item.kind, says)


def _how_it_moved(item: Item, versions: dict[str, str], records: Path) -> str | None:
    """What differs, in a line.

    None if only versions do, since a page that prints one is right to print another.
    """
    says = str(item.says)
    was, now = _sides(says)
    record = records / f"{item.page}.json"
    if not was or len(was) != len(now) or not record.is_file():
        return in_a_line(says)
    recorded = json.loads(record.read_text(encoding="utf-8"))["versions"]
    pairs = zip(was, now, strict=True)
    differing = [pair for pair in pairs if _masked(pair[0], recorded) != _masked(pair[1], versions)]
    return " → ".join(map(str.strip, differing[0])) if differing else None


def _masked(line: str, versions: dict[str, str]) -> str:
    for name, version in versions.items():
        line = line.replace(version, f"<{name}>")
    return line


def in_a_line(report: str) -> str:
    r"""What a report says, in a line: the error, or what a page shows and what came instead.

    Examples:
        >>> in_a_line("docs/zh/a.md:9: ValueError: no apples\n    docs/zh/a.md:11: count()")
        'ValueError: no apples'
        >>> in_a_line("a.md:9: the page shows (-), the block printed (+)\n-2 apples\n+3 apples")
        '2 apples → 3 apples'
    """
    was, now = _sides(report)
    if was or now:
        return " → ".join(lines[0].strip() if lines else "nothing" for lines in (was, now))
    raised = re.search(r"^E +(\S.*)", report, re.M)  # pytest's own report of an exception
    first = raised[1] if raised else report.strip().partition("\n")[0]
    return re.sub(r"^\S+:\d+: ", "", first)


def _sides(report: str) -> tuple[list[str], list[str]]:
    """The lines of a report's diff: what was, and what is now."""
    first, *lines = report.splitlines() or [""]
    if "(-)" not in first:
        return [], []
    was, now = ([line[1:] for line in lines if line.startswith(sign)] for sign in "-+")
    return was, now
