"""Cut a page into its sections: what stands before the first heading, and below each."""

from collections.abc import Iterator
from dataclasses import dataclass

from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.prose import Heading

EXERCISES = "exercises"  # the id of the section that has them


@dataclass(frozen=True)
class Stretch:
    """A section of a page.

    The id of its heading, the lines from its first to before its last, and whether readers may pass
    it over: it is optional, or part of the exercises.
    """

    anchor: str
    line: int
    end: int
    optional: bool = False
    exercise: bool = False

    def __contains__(self, line: int) -> bool:
        return self.line <= line < self.end

    @property
    def on_main_path(self) -> bool:
        """Whether everybody reads it."""
        return not (self.optional or self.exercise)

    def of(self, lines: list[str]) -> str:
        """What stands there, of all lines of the page."""
        return "\n".join(lines[self.line - 1 : self.end - 1])


def stretches(page: Page) -> list[Stretch]:
    """The sections of a page, in order.

    What stands below an optional heading is optional, down to the next of its level.
    """
    starts = [("", 1), *((heading.anchor, heading.line) for heading in page.headings)]
    ends = [*starts[1:], ("", page.text.count("\n") + 2)]
    kinds = [(False, False), *_kinds(page.headings)]
    return [
        Stretch(*start, end, *kind)
        for start, (_, end), kind in zip(starts, ends, kinds, strict=True)
    ]


def _kinds(headings: list[Heading]) -> Iterator[tuple[bool, bool]]:
    """Whether each heading's section is optional, and whether it is part of the exercises."""
    above: list[tuple[int, bool, bool]] = []  # the headings that are open, from the outside in
    for heading in headings:
        while above and above[-1][0] >= heading.level:
            above.pop()
        _, optional, exercise = above[-1] if above else (0, False, False)
        optional |= heading.optional
        exercise |= heading.anchor == EXERCISES
        above.append((heading.level, optional, exercise))
        yield optional, exercise


def with_twin(page: Page, twin: Page) -> Iterator[tuple[Stretch, Stretch]]:
    """The sections of a page beside those of its twin.

    None where they don't match, which is said elsewhere.
    """
    ours, theirs = stretches(page), stretches(twin)
    if [each.anchor for each in ours] == [each.anchor for each in theirs]:
        yield from zip(ours, theirs, strict=True)
