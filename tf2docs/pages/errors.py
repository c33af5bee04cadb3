"""What is wrong with a page, said with file and line."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: the page as the reader of a report knows it, its line, and what to do."""

    page: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.message}"


class SetupError(Exception):
    """What every page rests on, its data or a module imported for all, can't be had.

    The message says why.
    """


class PageError(Exception):
    """A page can't be read. Holds every problem that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))
