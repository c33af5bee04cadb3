"""Cut a page into its sections: what stands before the first heading, and below each."""

from collections.abc import Iterator
from dataclasses import dataclass

from tf2docs.pages.reading.page import Page


@dataclass(frozen=True)
class Stretch:
    """A section of a page.

    The id of its heading, and the lines from its first to before its last.
    """

    anchor: str
    line: int
    end: int

    def __contains__(self, line: int) -> bool:
        return self.line <= line < self.end

    def of(self, lines: list[str]) -> str:
        """What stands there, of all lines of the page."""
        return "\n".join(lines[self.line - 1 : self.end - 1])


def stretches(page: Page) -> list[Stretch]:
    """The sections of a page, in order."""
    starts = [("", 1), *((heading.anchor, heading.line) for heading in page.headings)]
    ends = [*starts[1:], ("", page.text.count("\n") + 2)]
    return [Stretch(*start, end) for start, (_, end) in zip(starts, ends, strict=True)]


def with_twin(page: Page, twin: Page) -> Iterator[tuple[Stretch, Stretch]]:
    """The sections of a page beside those of its twin.

    None where they don't match, which is said elsewhere.
    """
    ours, theirs = stretches(page), stretches(twin)
    if [each.anchor for each in ours] == [each.anchor for each in theirs]:
        yield from zip(ours, theirs, strict=True)
