"""Compare what blocks write to standard error: a warning that is new shows that something changed.

Warnings come and go with the machine, so one that no longer comes is no problem, and of one that
comes only the words count. Some come with the amount of data or of memory; they tell of no change,
nor do the lines that go on with a message.
"""

import re
from collections.abc import Iterable

_DIGITS = re.compile(r"0x[0-9a-f]+|\d+")
_AMOUNT = re.compile(r"triggered tf\.function retracing|ran out of data|free system memory")


def new_errors(recorded: Iterable[str], now: Iterable[str]) -> list[str]:
    """The lines that were not recorded, whatever their numbers, each once.

    Examples:
        >>> new_errors(["a.py:3: UserWarning: slow"], ["a.py:4: UserWarning: slow", "worse", ""])
        ['worse']
        >>> new_errors([], ["lost 5 of 6 rows", "lost 6 of 7 rows"])
        ['lost 5 of 6 rows']
        >>> new_errors([], ["UserWarning: Your input ran out of data", "  warnings.warn(message)"])
        []
    """
    known, found = set(map(_words, recorded)), dict[str, str]()
    for line in now:
        if line.strip() and not line[0].isspace() and not _AMOUNT.search(line):
            found.setdefault(_words(line), line)
    return [line for words, line in found.items() if words not in known]


def _words(line: str) -> str:
    return " ".join(_DIGITS.sub("0", line).split())
