"""Compare what blocks write to standard error: a warning that is new shows that something changed.

Warnings come and go with the machine, so one that no longer comes is no problem, and of one that
comes only the words count.
"""

import re
from collections.abc import Iterable

_DIGITS = re.compile(r"0x[0-9a-f]+|\d+")


def new_errors(recorded: Iterable[str], now: Iterable[str]) -> list[str]:
    """The lines that were not recorded, whatever their numbers, each once.

    Examples:
        >>> new_errors(["a.py:3: UserWarning: slow"], ["a.py:4: UserWarning: slow", "worse", ""])
        ['worse']
        >>> new_errors([], ["5 out of 6 calls", "6 out of 7 calls"])
        ['5 out of 6 calls']
    """
    known, found = set(map(_words, recorded)), dict[str, str]()
    for line in now:
        if line.strip():
            found.setdefault(_words(line), line)
    return [line for words, line in found.items() if words not in known]


def _words(line: str) -> str:
    return " ".join(_DIGITS.sub("0", line).split())
