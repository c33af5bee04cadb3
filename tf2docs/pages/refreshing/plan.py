"""Write records, figures, kept files and the pages' claims from a full run.

What still holds within its tolerance is left as it is, so that a second refresh changes nothing.
Pages are changed at the places of their claims alone, in every language, and only if nobody has
touched them since they were read.
"""

import contextlib
import datetime
import difflib
import re
from pathlib import Path

from tf2docs.pages.atomic_files import encode, read_bytes
from tf2docs.pages.checking.checks import same_number
from tf2docs.pages.checking.errors_written import new_errors
from tf2docs.pages.checking.kept_files import file_holds, is_there, kept_file
from tf2docs.pages.checking.looks import other_look
from tf2docs.pages.comparing import agrees, exact, fill, hides_parts_of_lines
from tf2docs.pages.lines import split_lines
from tf2docs.pages.reading.bound_numbers import BoundNumber
from tf2docs.pages.reading.code_keys import block_keys, definition_key
from tf2docs.pages.reading.fences import Fence
from tf2docs.pages.reading.page import Block, Page
from tf2docs.pages.reading.records import Figure, Record, RecordedBlock, digest, dump_record
from tf2docs.pages.reading.sealing import is_sealed
from tf2docs.pages.reading.site import Site
from tf2docs.pages.running.runner import Run


def make_record(page: Page, run: Run) -> Record:
    """The record of a run of today."""
    blocks = []
    for block, key, outcome in zip(page.blocks, block_keys(page.blocks), run.outcomes, strict=True):
        names = _figure_names(block.id, len(outcome.figures))
        figures = [
            Figure(name, digest(svg), shows)
            for name, (svg, shows) in zip(names, outcome.figures, strict=True)
        ]
        lines = split_lines(outcome.printed)
        seconds = round(outcome.seconds, 3)
        file = kept_file(block, outcome)
        blocks.append(
            RecordedBlock(key, outcome.status, seconds, lines, figures, outcome.values, file)
        )
    today = datetime.date.today().isoformat()
    errors = (line for outcome in run.outcomes for line in split_lines(outcome.errors))
    return Record(
        today,
        run.device,
        round(run.seconds, 2),
        run.versions,
        run.data,
        blocks,
        _sources(page),
        new_errors([], errors),
    )


def still_holds(old: Record | None, new: Record, page: Page) -> bool:
    """Whether a run changed nothing that counts.

    Same code, same libraries, numbers within tolerance.
    """
    if old is None or _libraries(old) != _libraries(new):
        return False
    if (old.device, old.data, old.sources) != (new.device, new.data, new.sources):
        return False
    if old.errors is None or new_errors(old.errors, new.errors or []):
        return False
    return gave_the_same(old, new, page)


def gave_the_same(old: Record | None, new: Record, page: Page) -> bool:
    """Whether two runs of the same code printed, drew, computed and kept the same.

    Numbers are equal within tolerance.
    """
    if old is None or len(old.blocks) != len(new.blocks):
        return False
    return all(map(_block_holds, page.blocks, old.blocks, new.blocks)) and all(
        same_number(
            number,
            *(record.blocks[number.after - 1].values[number.expression] for record in (old, new)),
        )
        for number in claimed_numbers(page)
    )


def claimed_numbers(page: Page) -> list[BoundNumber]:
    """The numbers that the page binds to what its blocks compute.

    Those bound wrongly are the grammar's concern.
    """
    return [number for number in page.numbers if number.expression and number.after]


def refreshed_text(page: Page, record: Record) -> str:
    """The page with every output and bound number as its record has it; everything else stays."""
    changes: list[tuple[int, int, str]] = []
    for block in page.blocks:
        recorded = record.blocks[block.index]
        if (
            block.output
            and recorded.status == "ran"
            and not agrees(block.output.text, recorded.text, exact)
        ):
            changes.append(_new_output(page, block.output, recorded.text))
    for number in claimed_numbers(page):
        written = number.written(record.blocks[number.after - 1].values[number.expression])
        if written != number.shown:
            changes.append((number.start, number.start + len(number.shown), written))
    text = page.text
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def plan_refresh(site: Site, pages: list[Page], old: Record | None, run: Run) -> dict[Path, bytes]:
    """Find what a run changes.

    The record, the figures, the files it keeps, the claims of every language.

    Args:
        site: The site.
        pages: The same page in every language, as it was read before the run.
        old: The record until now.
        run: A full run in which no block failed.

    Returns:
        What each file that changes will hold.

    Raises:
        RuntimeError: a page changed on disk since it was read.
    """
    for page in pages:
        if _read(page.path) != page.text:
            raise RuntimeError(f"{page.label} changed while it ran; run the refresh again")
    new, name = make_record(pages[0], run), site.name_of(pages[0].path)
    texts: dict[Path, str | bytes] = {}
    keeps = (
        old
        and is_sealed(_read(site.record(name)) or "")
        and still_holds(old, new, pages[0])
        and files_hold(site, name, old)
    )
    record = old if old and keeps and _looks_hold(site, name, pages[0], old, run) else new
    if record is new:
        texts[site.record(name)] = dump_record(new)
        for recorded, outcome in zip(new.blocks, run.outcomes, strict=True):
            for figure, (svg, _) in zip(recorded.figures, outcome.figures, strict=True):
                texts[site.figure(name, figure.name)] = svg
            if recorded.file and outcome.file is not None:
                texts[site.file(name, recorded.file.name)] = outcome.file
    texts |= {page.path: refreshed_text(page, record) for page in pages}
    contents = {path: encode(path, text) for path, text in texts.items()}
    return {path: content for path, content in contents.items() if read_bytes(path) != content}


def diff(path: Path, content: bytes, label: str) -> str:
    """What writing a file would change."""
    try:
        before, after = (
            (data or b"").decode().splitlines(keepends=True) for data in (read_bytes(path), content)
        )
    except UnicodeDecodeError:
        return f"{len(content)} bytes that are no text"
    return "".join(difflib.unified_diff(before, after, label, label, n=1))


def _figure_names(block_id: str | None, count: int) -> list[str]:
    return [
        f"{block_id}" if number == 1 else f"{block_id}-{number}" for number in range(1, count + 1)
    ]


def files_hold(site: Site, name: str, record: Record) -> bool:
    """Whether the figures and the files that a record tells of are there as it says."""
    figures = [
        (site.figure(name, figure.name), figure.sha256)
        for block in record.blocks
        for figure in block.figures
    ]
    return all(
        path.is_file() and digest(path.read_text(encoding="utf-8")) == sha256
        for path, sha256 in figures
    ) and all(is_there(site, name, block.file) for block in record.blocks if block.file)


def _looks_hold(site: Site, name: str, page: Page, record: Record, run: Run) -> bool:
    """Whether the run's figures look as those that the site has."""
    return not any(
        other_look(site, name, recorded, [svg for svg, _ in outcome.figures])
        for block, recorded, outcome in zip(page.blocks, record.blocks, run.outcomes, strict=True)
        if not block.varies
    )


def _sources(page: Page) -> dict[str, str]:
    """Keys of what the page quotes.

    A name of nothing has none, and an item of its own that says so.
    """
    keys = {}
    for name in sorted({fence.text.strip() for fence in page.sources}):
        with contextlib.suppress(LookupError):
            keys[name] = definition_key(name)
    return keys


def _libraries(record: Record) -> dict[str, str]:
    return {name: version for name, version in record.versions.items() if name != "python"}


def _block_holds(block: Block, old: RecordedBlock, new: RecordedBlock) -> bool:
    close = block.closeness()
    shows = [["\n".join(figure.shows) for figure in recorded.figures] for recorded in (old, new)]
    return (
        (old.key, old.status, len(old.figures), old.values.keys())
        == (new.key, new.status, len(new.figures), new.values.keys())
        and file_holds(block, old.file, new.file)
        and (_varies(block) or agrees(old.text, new.text, close, gaps=False))
        and all(agrees(was, now, close, gaps=False) for was, now in zip(*shows, strict=True))
    )


def _varies(block: Block) -> bool:
    """Whether what a block prints differs from run to run.

    Its output says so with dots within a line.
    """
    return block.output is not None and hides_parts_of_lines(block.output.text)


def _new_output(page: Page, fence: Fence, printed: str) -> tuple[int, int, str]:
    """The whole fence anew, with enough back-ticks for what it holds.

    Cuts are kept where they still fit.
    """
    body = fill(fence.text, printed) if "..." in fence.text else None
    shown = printed if body is None or not agrees(body, printed, exact) else body
    lines = shown.rstrip("\n").split("\n")
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", "\n".join(lines)))])
    opening = page.text[fence.start : fence.body[0]].lstrip(" \t>").rstrip("\n").lstrip("`~")
    text = "\n".join(
        [f"{fence.indent}{ticks}{opening}", *((fence.indent + line).rstrip() for line in lines)]
    )
    return fence.start, fence.end, f"{text}\n{fence.indent}{ticks}"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
