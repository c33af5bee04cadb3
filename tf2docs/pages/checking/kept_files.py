"""Hold the files that blocks leave for the site against the page's record.

Trained weights are such files.

The bytes differ from machine to machine, as trained numbers do, so a run is held to a file's name
and length. What the site has is held to the recorded digest: it is what the recorded run left, to
the byte.
"""

from collections.abc import Iterator

from tf2docs.pages.reading.page import Block, Page
from tf2docs.pages.reading.records import KeptFile, RecordedBlock, digest
from tf2docs.pages.reading.site import Site
from tf2docs.pages.running.jobs import Outcome


def kept_file(block: Block, outcome: Outcome) -> KeptFile | None:
    """What a record says of the file that a block left, if it was to leave one."""
    if block.keeps is None or outcome.file is None:
        return None
    return KeptFile(block.keeps, digest(outcome.file), len(outcome.file))


def is_there(site: Site, name: str, file: KeptFile) -> bool:
    """Whether the site has the file that a page left, unchanged."""
    path = site.file(name, file.name)
    return path.is_file() and digest(path.read_bytes()) == file.sha256


def file_holds(block: Block, old: KeptFile | None, new: KeptFile | None) -> bool:
    """Whether a file is called as it was and, unless it varies, as long."""
    if old is None or new is None:
        return old is new
    return old.name == new.name and (block.varies or old.size == new.size)


def problem_of_file(
    site: Site, name: str, block: Block, recorded: RecordedBlock, outcome: Outcome | None
) -> str | None:
    """What is wrong with the file that a block keeps, or None.

    Args:
        site: The site.
        name: The page's name.
        block: The block.
        recorded: What a full run recorded of it.
        outcome: What became of it on the real data, if it was run on them.
    """
    if block.keeps is None or recorded.status != "ran":
        return None
    if recorded.file is None or recorded.file.name != block.keeps:
        return f"the file {block.keeps!r} is in no record"
    if not is_there(site, name, recorded.file):
        label = site.label(site.file(name, block.keeps))
        return f"{label} is missing or isn't the file that was recorded"
    now = kept_file(block, outcome) if outcome else None
    if now and not file_holds(block, recorded.file, now):
        return f"leaves {now.size} bytes in {now.name}, {recorded.file.size} were recorded"
    return None


def left_files(site: Site, name: str, page: Page) -> Iterator[str]:
    """Say so of each file in the page's folder that no block keeps any more."""
    kept = {site.file(name, block.keeps) for block in page.blocks if block.keeps}
    for path in sorted(set(site.file(name, "any").parent.glob("*.*")) - kept):
        yield f"keeps no file {path.name!r} any more; remove {site.label(path)}"
