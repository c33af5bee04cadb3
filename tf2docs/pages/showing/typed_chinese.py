"""Other ways to type the Chinese of the site: traditional characters, words of Taiwan, pinyin.

`pypinyin` and OpenCC are asked when the site is built; what travels to the reader is only what they
say of the characters that the site uses.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

import opencc
from pypinyin import Style, lazy_pinyin

HAN = "\u4e00-\u9fff"
_RUN = re.compile(f"[{HAN}]+")
_LONGEST_WORD = 4  # of the words that Taiwan says otherwise


def readings(texts: Iterable[str]) -> dict[str, str]:
    """The characters of texts by how they are read there, without tones; ü is typed as v.

    Examples:
        >>> readings(["学习率", "权重", "重新跟踪"])["chong"]
        '重'
        >>> readings(["学习率"])
        {'lv': '率', 'xi': '习', 'xue': '学'}
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for run in _runs(texts):
        for character, syllable in zip(run, lazy_pinyin(run, style=Style.NORMAL), strict=True):
            found[syllable].add(character)
    return {syllable: "".join(sorted(found[syllable])) for syllable in sorted(found)}


def traditional(texts: Iterable[str]) -> dict[str, str]:
    """The traditional forms of the characters of texts, each with the simplified one.

    Examples:
        >>> traditional(["过拟"])
        {'擬': '拟', '過': '过'}
    """
    used = set("".join(_runs(texts)))
    return {form: simplified for form, simplified in _simplified_characters() if simplified in used}


def said_in_taiwan(texts: Iterable[str]) -> dict[str, str]:
    """What Taiwan calls words of these texts, in simplified characters, each with the word here.

    Examples:
        >>> said_in_taiwan(["加载数据"])
        {'资料': '数据', '载入': '加载'}
        >>> said_in_taiwan(["a text without Chinese"])
        {}
    """
    words = sorted({word for run in _runs(texts) for word in _words_in(run)}, key=len)
    # a line of its own for each: otherwise they would be read as one text
    said = _simplified(_converter("s2twp").convert("\n".join(words))).splitlines()
    found: dict[str, str] = {}
    for word, other in zip(words, said, strict=True):
        if other != word and not any(own in word for own in found.values()):
            found.setdefault(other, word)
    return dict(sorted(found.items()))


def _runs(texts: Iterable[str]) -> Iterator[str]:
    return iter(Counter(run for text in texts for run in _RUN.findall(text)))


def _words_in(run: str) -> Iterator[str]:
    for length in range(2, _LONGEST_WORD + 1):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


@cache
def _simplified_characters() -> list[tuple[str, str]]:
    """All characters that have a simplified form, with it."""
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    pairs = zip(characters, _simplified("\n".join(characters)).split("\n"), strict=True)
    return [(character, simplified) for character, simplified in pairs if character != simplified]


def _simplified(text: str) -> str:
    return str(_converter("t2s").convert(text))


@cache
def _converter(name: str) -> opencc.OpenCC:
    """OpenCC with a dictionary, which is slow to read."""
    return opencc.OpenCC(name)
