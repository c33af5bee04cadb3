"""Read the numbers of a text in Chinese or English, whether digits or words.

72, 七十二, seventy-two.

No library reads both languages, and half a number (7 万, 2 million) stands in digits.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_DIGITS = {name: value for value, name in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10**4, "亿": 10**8}
_SMALL = {
    name: value
    for value, name in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    name: 10 * value
    for value, name in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_LARGE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_ORDINALS = {"quarter": 4, "hundredth": 100, "thousandth": 1000} | {
    name: value
    for value, name in enumerate(
        [
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        3,
    )
}
_TENTHS = {name.replace("ty", "tieth"): value for name, value in _SMALL.items() if value >= 20}
_MONTHS = {
    name: value
    for value, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
    if name not in ("march", "may")  # words of other meanings, too
}
_NAMED = _ORDINALS | _TENTHS | _MONTHS
_TEN = f"(?:{'|'.join(name for name in _SMALL if name.endswith('ty'))})"
_WORD = f"(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_UNIT = "(?:one|two|three|four|five|six|seven|eight|nine)"
_SCALE = "|".join(_LARGE)
_FOUND = re.compile(
    # most places in a text are passed over here
    r"(?=[\d〇零一二三四五六七八九十百千万亿两几数]|\b[a-z])(?:"
    r"(?P<digits>(?<![\w.])\d[\d,]{0,40}(?:\.\d+)?)"
    rf"(?:\s?(?P<scale>[万亿]|(?:{_SCALE})s?\b))?"
    r"|(?P<share>(?<!统)[一两二三四五六七八九]成|百分之一)"
    r"|(?P<vague>[几数]+[十百千万亿]+|[十百千万]+[几多]|百分|十分(?!之)|两两|一两)"
    r"|(?P<chinese>[〇零一二三四五六七八九十百千万亿两]{1,20})"
    rf"|\b(?:(?P<many>(?:{_SCALE})s)"
    rf"|(?P<english>(?:{_TEN}[- ]{_UNIT}|{_WORD}(?:(?<=x)es|(?<=[a-wyz])s)?|{_SCALE})"
    rf"(?:[- ](?:{_SCALE}))*)"
    rf"|(?P<named>{'|'.join(_NAMED)})s?)\b(?!-hot))",
    re.ASCII | re.IGNORECASE,
)
_SHARES = {"一成": [10], "两成": [5], "二成": [5], "五成": [2], "百分之一": [100]}  # one in so many


@dataclass(frozen=True)
class Number:
    """A number of a text: its value, how it stands there, and where."""

    value: float
    shown: str
    start: int


def numbers_in(text: str) -> Iterator[Number]:
    """The numbers of a text, in order.

    Examples:
        >>> [number.value for number in numbers_in("七十二 of seventy-two, 6 万 of 60,000, 两百")]
        [72, 72, 60000.0, 60000.0, 200]
        >>> [number.value for number in numbers_in("a tenth, 两成, twenty-five thousand, fives")]
        [10, 5, 25000, 5]
    """
    for found in _FOUND.finditer(text):
        for value in _values(found):
            yield Number(value, found[0], found.start())


def _values(found: re.Match[str]) -> Sequence[float]:
    kind, words = found.lastgroup or "", found[0].lower()
    if found["digits"]:
        plain = float(found["digits"].replace(",", ""))
        scale = (found["scale"] or "").lower()
        return [plain * (_SCALES.get(scale) or _LARGE.get(scale.removesuffix("s"), 1))]
    if kind == "share":
        return _SHARES.get(words) or [_DIGITS[words[0]], 10]
    if kind in ("vague", "many"):
        return []
    readers: dict[str, Callable[[str], int]] = {
        "chinese": _chinese,
        "english": _english,
        "named": _NAMED.__getitem__,
    }
    return [readers[kind](found[kind].lower())]


def _chinese(words: str) -> int:
    if not any(word in _STEPS or word in _SCALES for word in words):
        return int("".join(str(_DIGITS[word]) for word in words))  # a year: 二〇二六
    total = section = digit = 0
    for word in words:
        if word in _DIGITS:
            digit = _DIGITS[word]
        elif word in _STEPS:
            section, digit = section + (digit or 1) * _STEPS[word], 0
        else:
            total, section, digit = (total + section + digit or 1) * _SCALES[word], 0, 0
    return total + section + digit


def _english(words: str) -> int:
    total = 0
    for word in re.split("[- ]", words):
        bare = word if word in _SMALL or word in _LARGE else re.sub("e?s$", "", word)
        total = (total or 1) * _LARGE[bare] if bare in _LARGE else total + _spelled(bare)
    return total


def _spelled(word: str) -> int:
    """The value of an English word, without the end of a plural that took an e of its own.

    Fiv, nin.
    """
    return _SMALL.get(word) or _SMALL.get(f"{word}e", 0)
