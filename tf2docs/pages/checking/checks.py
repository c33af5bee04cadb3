"""Hold what a page claims against its record and against a run.

Every check returns what is wrong in a few lines, or None. Two comparisons make the chain complete:
a claim with the record, exactly, whether or not anything was run; and the record with the run,
within the block's tolerance on real data, numbers masked on small data.
"""

import difflib
import math
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tf2docs.pages.checking.errors_written import new_errors
from tf2docs.pages.checking.kept_files import left_files, problem_of_file
from tf2docs.pages.checking.looks import other_look
from tf2docs.pages.comparing import Closeness, agrees, exact, explain, hides_parts_of_lines, masked
from tf2docs.pages.reading.bound_numbers import BoundNumber
from tf2docs.pages.reading.code_keys import block_keys, definition_key
from tf2docs.pages.reading.fences import Fence
from tf2docs.pages.reading.page import Block, Page
from tf2docs.pages.reading.prose import Link
from tf2docs.pages.reading.records import Figure, Record, RecordedBlock, digest, read_record
from tf2docs.pages.reading.shape_comments import shape_comments, wrong_size
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.symbols import Symbol, symbols_in_comments
from tf2docs.pages.running.jobs import Frame, Outcome
from tf2docs.pages.running.runner import Run
from tf2docs.pages.running.tidying import with_lines

_COLOURS = re.compile(r"(?<=\)) in \w+$", re.MULTILINE)  # behind the values of an image
_LINES = 8  # of standard error in a report
_MOST = 0.75  # of a tolerance
_REFRESH = "run pytest --refresh to record it anew"


@dataclass(frozen=True)
class Checks:
    """The checks of one page.

    Attributes:
        site: The site the page belongs to.
        page: The page.
        record: What a full run measured, if there was one.
        run: What the run of this session gave; nothing where the page wasn't run.
        full: Whether the run had the real data, so that its numbers count.
        refresh: Whether claims are about to be rewritten, and only the run itself counts.
    """

    site: Site
    page: Page
    record: Record | None
    run: Run | None
    full: bool = False
    refresh: bool = False

    def block(self, block: Block) -> str | None:
        """The block ran, and it is the code that was recorded.

        What no output claims hasn't changed.
        """
        outcome = self._outcome(block.index)
        if outcome and outcome.status == "failed":
            return self._failure(outcome)
        dead = [
            name
            for name in symbols_in_comments(block.fence.text, self.site.symbols)
            if self._exists(name) is False
        ]
        if dead:
            return f"a comment names {', '.join(dead)}, which doesn't exist in what is installed"
        if outcome and outcome.status == "ran" and outcome.seconds <= 0:
            return "ran in no time, which no code does"
        if outcome and outcome.figures and block.id is None:
            return (
                "leaves a figure open and has no id to call it by; begin the fence with ```python "
                "{#what-it-shows}"
            )
        if problem := self._wrong_shape(block):
            return problem
        if self.refresh:
            return None
        recorded = self._recorded(block)
        if isinstance(recorded, str):
            return recorded
        if problem := _other_status(block, recorded):
            return problem
        if problem := problem_of_file(
            self.site, self._name, block, recorded, outcome if self.full else None
        ):
            return f"{problem}; {_REFRESH}"
        if outcome is None or outcome.status == "skipped":
            return None
        close = self._close(block)
        if block.output is None and not agrees(recorded.text, outcome.printed, close, gaps=False):
            return _moved("prints", recorded.text, outcome.printed, close)
        if problem := self._warned(outcome):
            return problem
        problem = _drawn(recorded, self._shows(outcome), close)
        if problem is None and self.full and not block.varies:
            problem = other_look(
                self.site, self._name, recorded, [svg for svg, _ in outcome.figures]
            )
        return problem

    def _shows(self, outcome: Outcome) -> list[str]:
        """What each figure shows; without colour maps, where the record is too old to tell them."""
        shows = ["\n".join(lines) for _, lines in outcome.figures]
        is_old = self.record is not None and self.record.errors is None
        return [_COLOURS.sub("", each) for each in shows] if is_old else shows

    def _warned(self, outcome: Outcome) -> str | None:
        """The block writes nothing to standard error that the page didn't when it was recorded.

        Other libraries warn of other things, and so does another device. Some warnings come when
        memory is tidied, in one block or the next.
        """
        if self.record is None or self.run is None or not self.run.is_like(self.record):
            return None
        known = self.record.errors
        lines = new_errors(known, outcome.errors.splitlines()) if known is not None else []
        if not lines:
            return None
        mend = f"mend what it warns of, show it by {{.stderr}}, or {_REFRESH}"
        return "\n".join(
            [f"writes to standard error what wasn't recorded; {mend}", *lines[-_LINES:]]
        )

    def _wrong_shape(self, block: Block) -> str | None:
        """A comment that states another shape than the run gave, or than was recorded."""
        outcome, recorded = self._outcome(block.index), self._recorded(block)
        came = outcome.values if outcome else {}
        known = recorded.values if isinstance(recorded, RecordedBlock) and not self.refresh else {}
        for comment in shape_comments(block.fence.text):
            for values, small in ((known, False), (came, not self.full)):
                shape = str(values.get(comment.expression, "()"))
                if wrong_size(comment, shape, small=small):
                    line = block.fence.line + comment.line
                    return (
                        f"line {line}: a comment says that {comment.name} has the shape "
                        f"{comment}, but it has {shape}; write that"
                    )
        return None

    def output(self, block: Block) -> str | None:
        """The page shows what was recorded, and what the run printed."""
        assert block.output is not None
        recorded, outcome = self._recorded(block), self._outcome(block.index)
        if self.refresh or (outcome and outcome.status == "skipped"):
            return None
        if isinstance(recorded, str):
            return recorded
        shown, close = block.output.text, self._close(block)
        if not agrees(shown, recorded.text, exact):
            return (
                "the page shows (-) what isn't in its record (+)\n"
                f"{explain(shown, recorded.text, exact)}"
            )
        if outcome and not agrees(shown, outcome.printed, close):
            return (
                "the page shows (-), the block printed (+)\n"
                f"{explain(shown, outcome.printed, close)}"
            )
        whole = self.full and not hides_parts_of_lines(shown)
        if outcome and whole and not agrees(recorded.text, outcome.printed, close, gaps=False):
            return _moved("prints", recorded.text, outcome.printed, close)
        return None

    def near_limits(self) -> list[int]:
        """The lines of what a run on the same data gave otherwise by most of its tolerance."""
        if not self.full or self.refresh:
            return []
        near = [block.fence.line for block in self.page.blocks if self._is_near(block)]
        return sorted({*near, *(each.line for each in self.page.numbers if self._moved_far(each))})

    def _is_near(self, block: Block) -> bool:
        recorded, outcome = self._recorded(block), self._outcome(block.index)
        if not isinstance(recorded, RecordedBlock) or outcome is None or block.varies:
            return False
        came = outcome.printed
        return agrees(recorded.text, came, block.closeness(), gaps=False) and not agrees(
            recorded.text, came, block.closeness(_MOST), gaps=False
        )

    def _moved_far(self, number: BoundNumber) -> bool:
        outcome, name = self._outcome(number.after - 1), number.expression
        known, came = self._known(number), outcome.values if outcome else {}
        if name not in known or name not in came:
            return False
        nearer = replace(number, rtol=_MOST * number.rtol, atol=_MOST * number.atol)
        both = (known[name], came[name])
        return same_number(number, *both) and not same_number(nearer, *both)

    def _known(self, number: BoundNumber) -> dict[str, float | str]:
        """What was recorded of the block that a number stands behind."""
        place = self._places.get(number.after - 1)
        return self.record.blocks[place].values if self.record and place is not None else {}

    def symbol(self, symbol: Symbol) -> str | None:
        """What the page names in inline code exists, and what it strikes out doesn't."""
        found = self._exists(symbol.name)
        if found is False and not symbol.gone:
            mend = f"name another, or strike it out: ~~`{symbol.name}`~~"
            return f"`{symbol.name}` doesn't exist in what is installed; {mend}"
        if found is True and symbol.gone:
            return f"`{symbol.name}` is struck out, but exists in what is installed"
        return None

    def source(self, fence: Fence) -> str | None:
        """The name that a source fence holds exists.

        It is what it was when the page was recorded.
        """
        name = fence.text.strip()
        try:
            key = definition_key(name)
        except LookupError as error:
            return str(error)
        if not self.refresh and self.record and self.record.sources.get(name) != key:
            return f"{name} isn't what it was when the page was recorded; {_REFRESH}"
        return None

    def number(self, number: BoundNumber) -> str | None:
        """A bound number is what was recorded, and what the run gave."""
        outcome, name = self._outcome(number.after - 1), number.expression
        came = outcome.values if outcome else {}  # none where the block failed
        if outcome and name in outcome.mistakes:
            return f"{name!r} has no value here: {with_lines(outcome.mistakes[name], self._line)}"
        if name in came and (problem := _unwritable(number, came[name])):
            return problem
        if self.refresh or (outcome and outcome.status == "skipped"):
            return None
        values = self._known(number)
        if name not in values:
            return f"{name!r} is in no record; {_REFRESH}"
        expected = values[name]
        if problem := _unwritable(number, expected):
            return f"in the record, {problem}"
        if _bare(number.shown) != _bare(number.written(expected)):
            return (
                f"the page says {number.shown}, the record {number.written(expected)} ({name} is "
                f"{expected})"
            )
        if name in came and self.full and not same_number(number, expected, came[name]):
            return f"the page says {number.shown}, this run {number.written(came[name])}"
        return None

    def picture(self, link: Link) -> str | None:
        """A figure that the page shows is one that a page's blocks drew, unchanged since."""
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.page.label), link.target))
        if self.refresh:
            return None
        path = self.site.docs.parent / target
        figures = {figure.name: figure for figure in self._figures_of(self._drawer(path))}
        if path.stem not in figures:
            known = ", ".join(sorted(figures)) or "none"
            return f"no block draws {link.target}; recorded figures of that page: {known}"
        if (
            not path.is_file()
            or digest(path.read_text(encoding="utf-8")) != figures[path.stem].sha256
        ):
            return f"{target} is missing or isn't the figure that was recorded; {_REFRESH}"
        return None

    def _drawer(self, figure: Path) -> str:
        """The name of the page whose blocks draw a figure, by the folder that holds it."""
        folder = self.site.figure("any", "any").parent.parent
        return figure.parent.relative_to(folder).as_posix() if folder in figure.parents else ""

    def _figures_of(self, name: str) -> list[Figure]:
        """The recorded figures of a page, this one's first of all."""
        if name == self._name:
            return self._figures()
        path = self.site.record(name)
        record = read_record(path, self.site.label(path)) if name else None
        return [figure for block in record.blocks for figure in block.figures] if record else []

    def leftovers(self) -> Iterator[str]:
        """What the record has and the page hasn't.

        Blocks at its end, and figures that it doesn't show.
        """
        if self.record and len(self.record.blocks) > len(self.page.blocks):
            yield (
                f"has {len(self.page.blocks)} blocks, {len(self.record.blocks)} were recorded; "
                f"{_REFRESH}"
            )
        if (
            self.full
            and self.run
            and self.record
            and (others := _differing(self.record.data, self.run.data))
        ):
            yield f"was recorded on other data: {', '.join(others)}; {_REFRESH}"
        if (
            self.record
            and self.page.blocks
            and not any(block.status == "ran" for block in self.record.blocks)
        ):
            yield "has blocks and ran none of them; a page that runs nothing proves nothing"
        shown = {posixpath.basename(link.target) for link in self.page.links if link.picture}
        for figure in self._figures():
            if f"{figure.name}.svg" not in shown:
                yield f"doesn't show the figure {figure.name!r} that its code draws"
        drawn = {self.site.figure(self._name, figure.name) for figure in self._figures()}
        for path in sorted(
            set(self.site.figure(self._name, "any").parent.glob("*.svg")) - drawn
            if self.record
            else ()
        ):
            yield f"draws no figure {path.stem!r} any more; remove {self.site.label(path)}"
        yield from left_files(self.site, self._name, self.page)

    @property
    def _name(self) -> str:
        return self.site.name_of(self.page.path)

    def _outcome(self, index: int) -> Outcome | None:
        return self.run.outcomes[index] if self.run else None

    def _exists(self, symbol: str) -> bool | None:
        """Whether a symbol exists; None where no run has looked."""
        return self.run.symbols.get(self.site.full_name(symbol)) if self.run else None

    def _figures(self) -> list[Figure]:
        return (
            [figure for block in self.record.blocks for figure in block.figures]
            if self.record
            else []
        )

    def _recorded(self, block: Block) -> RecordedBlock | str:
        """The block's record, or why there is none that counts."""
        if self.record is None:
            return f"the page has no record; {_REFRESH}"
        place = self._places.get(block.index)
        if place is None:
            return f"the code isn't what was recorded; if the change is meant, {_REFRESH}"
        return self.record.blocks[place]

    @cached_property
    def _places(self) -> dict[int, int]:
        """Where in the record each block stands; one that was added or changed stands nowhere."""
        recorded = [block.key for block in self.record.blocks] if self.record else []
        matcher = difflib.SequenceMatcher(
            None, recorded, block_keys(self.page.blocks), autojunk=False
        )
        return {
            theirs + step: ours + step
            for ours, theirs, size in matcher.get_matching_blocks()
            for step in range(size)
        }

    def _close(self, block: Block) -> Closeness:
        return block.closeness() if self.full else masked

    def _failure(self, outcome: Outcome) -> str:
        reason, errors = (with_lines(text, self._line) for text in (outcome.reason, outcome.errors))
        frames = [self._place(frame) for frame in outcome.trace]
        if len(frames) > 8:
            frames = [*frames[:4], f"… {len(frames) - 8} more …", *frames[-4:]]
        printed = [f"printed: {line}" for line in outcome.printed.splitlines()[-5:]]
        errors = [f"standard error: {line}" for line in errors.splitlines()[-5:]]
        return "\n".join(
            [*_error_first(reason)[:15], *(f"    {line}" for line in frames + printed + errors)]
        )

    def _place(self, frame: Frame) -> str:
        if frame.block is None:
            return f"{frame.file}:{frame.line}: {frame.code}"
        return f"{self._line(frame.block, frame.line)}: {frame.code}"

    def _line(self, block: int, line: int) -> str:
        """A line of a block as the page's own."""
        return f"{self.page.label}:{self.page.blocks[block].fence.line + line}"


def same_number(number: BoundNumber, was: float | str, now: float | str) -> bool:
    """Whether two runs gave the same for a bound number."""
    try:
        return number.agrees(was, now)
    except (ValueError, TypeError):  # one of them is a text, and the other isn't
        return False


def _unwritable(number: BoundNumber, value: float | str) -> str | None:
    """Why a value can't stand on a page as a number, or None."""
    if isinstance(value, float) and not math.isfinite(value):
        return (
            f"{number.expression} is {value}, which is no number that a page can show; bind one "
            "that is finite"
        )
    try:
        number.written(value)
    except ValueError as error:
        return (
            f"{number.expression} is {value!r}, which can't be written as {number.format!r}: "
            f"{error}"
        )
    return None


def _other_status(block: Block, recorded: RecordedBlock) -> str | None:
    """A block ran when it was recorded, unless its page says that it may not."""
    if recorded.status == "skipped" and block.skip_reason is None and not block.needs_gpu:
        return f"was skipped when it was recorded, and the page doesn't say why; {_REFRESH}"
    if recorded.status == "ran" and block.skip_reason is not None:
        return f"ran when it was recorded, and the page says that it doesn't; {_REFRESH}"
    return None


def _error_first(reason: str) -> list[str]:
    """The lines of what Python says; of a SyntaxError it says the place first."""
    lines = reason.splitlines()
    if reason.startswith(" ") and len(lines) > 1:
        return [lines[-1], *lines[:-1]]
    return lines


def _drawn(recorded: RecordedBlock, now: list[str], close: Closeness) -> str | None:
    """The block draws what was recorded."""
    was = ["\n".join(figure.shows) for figure in recorded.figures]
    if len(was) != len(now):
        return f"draws {len(now)} figures, {len(was)} were recorded; {_REFRESH}"
    for old, new in zip(was, now, strict=True):
        if not agrees(old, new, close, gaps=False):
            return _moved("draws", old, new, close)
    return None


def _moved(verb: str, recorded: str, now: str, close: Closeness) -> str:
    return f"{verb} something else than recorded (-), now (+)\n{explain(recorded, now, close)}"


def _differing(recorded: dict[str, str], now: dict[str, str]) -> list[str]:
    """The data that a page was recorded on and that are others now, or gone.

    What a site got since then is in no block that was recorded.

    Examples:
        >>> _differing({"digits": "1", "cars": "2"}, {"digits": "1", "cars": "3", "new": "4"})
        ['cars']
        >>> _differing({"digits": "1"}, {})
        ['digits']
    """
    return [name for name, digest in recorded.items() if now.get(name) != digest]


def _bare(number: str) -> str:
    """A number as it reads, whatever space and minus sign the language writes."""
    return number.replace(" ", "").replace("\u202f", "").replace("−", "-")
