"""Rules of style that CONTRIBUTING names, and what a translation owes its twin beside them."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import zip_longest

from tf2docs.pages.lines import blank
from tf2docs.pages.reading.glossary import NAME, Term, read_terms, terms_with_lines
from tf2docs.pages.reading.page import Page, once_per_page
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.symbols import find_comments

Found = Iterator[tuple[int, str]]

CHINESE = "zh"  # the folder of the language that these rules know Chinese by
BANNED = {
    "zh": re.compile(r"只需|简单地|轻松|显然|您"),
    "en": re.compile(r"\b(?:just|simply|easy|easily|obviously)\b", re.IGNORECASE),
}
ADMONITIONS = (
    *("note", "abstract", "info", "tip", "success", "question", "warning", "failure", "danger"),
    *("bug", "example", "quote"),
)
_IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff"
_MARKS = "，。；：！？、"
_STYLE = (
    (
        re.compile(rf"[{_IDEOGRAPHS}](?=[A-Za-z0-9])|[A-Za-z0-9%](?=[{_IDEOGRAPHS}])"),
        "a space belongs between Chinese and Latin letters or digits",
    ),
    (
        re.compile(
            rf"[{_IDEOGRAPHS}）”][,;:!?](?![A-Za-z0-9])|[{_IDEOGRAPHS}）”]\.(?=\s|$)"
            rf"|(?<=[ ,;!?])[,;!?](?=[{_IDEOGRAPHS}])"
        ),
        "Chinese has full-width punctuation: ，。；：！？",
    ),
    (
        re.compile(rf"[{_IDEOGRAPHS}{_MARKS}] +(?=[{_IDEOGRAPHS}{_MARKS}])"),
        "no space belongs between Chinese",
    ),
    (
        re.compile(rf" [{_MARKS}]|[{_MARKS}] +(?=[A-Za-z0-9])"),
        "no space belongs beside full-width punctuation",
    ),
    (
        re.compile(rf"[{_IDEOGRAPHS}]\((?=[A-Za-z])"),
        "a Chinese word is followed by full-width brackets: （）",
    ),
    (re.compile(r"[，。；：！？、]{2,}(?<!……)"), "two marks stand side by side; keep one"),
)
_CODE = "x"  # what stands for inline code where spaces are looked at
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORDS = 8  # of a paragraph without Chinese that nobody translated
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]*\S[^\n]*)*")
_CHINESE_SENTENCE = re.compile(  # no term of the glossary is longer than seven
    rf"[{_IDEOGRAPHS}]{{8}}|[{_IDEOGRAPHS}][{_MARKS}]"
)
_ENGLISH_SENTENCE = re.compile(
    r"(?:^|(?<=[\s。！？]))(?<![\w'’,-] )[A-Za-z][\w'’]*(?:,? [\w'’-]+){3,}[.!?](?!\w)",
    re.MULTILINE,
)
_UNREAD = re.compile(
    r"https?://[^\s()（），。]+|\{[^{}\n]*\}|^\[[^\]]*\]:.*$|</?\w[^<>]*>|!?\["
    r"|^[ \t]*:::(?:.*\n)(?:[ \t]+.*\n)*",
    re.MULTILINE,
)
_BOLD = re.compile(r"[*_]")  # Markdown needs the space behind it
_BRACKETS = re.compile(
    rf"(?P<term>[{_IDEOGRAPHS}]{{2,12}})（(?P<other>[A-Za-z][A-Za-z -]{{1,40}})）"
)
_BOLD_BRACKETS = re.compile(rf"\*\*([{_IDEOGRAPHS}]{{2,12}})\*\*（([A-Za-z][A-Za-z -]{{1,40}})）")
_ANY_BRACKETS = re.compile(rf"(?<=[{_IDEOGRAPHS}*])（([A-Za-z][A-Za-z -]{{1,40}})）")
_LATIN = re.compile(r"[a-z][a-z-]*")
_NEARLY = 0.85
_ADMONITION = re.compile(r"^[ \t]*(!!!|\?\?\?\+?)[ \t]+([\w-]+)", re.MULTILINE)


def style_of_chinese(site: Site, page: Page) -> Found:
    """Find Chinese without its spaces and its punctuation."""
    if site.language_of(page.path) != CHINESE:
        return
    prose = _as_read(page)
    for pattern, mend in _STYLE:
        for found in pattern.finditer(prose):
            around = prose[max(0, found.start() - 8) : found.end() + 8].replace("\n", " ")
            yield _line_in(prose, found.start()), f"{around!r}: {mend}"


def banned_words(site: Site, page: Page) -> Found:
    """Find the words that CONTRIBUTING keeps out, since they make light of what may be hard."""
    pattern = BANNED.get(site.language_of(page.path))
    prose = _as_read(page)
    for found in pattern.finditer(prose) if pattern else ():
        yield (
            _line_in(prose, found.start()),
            f"{found[0]!r} makes light of what may be hard; say it without",
        )


def untranslated_paragraphs(site: Site, page: Page) -> Found:
    """Find the paragraphs of a Chinese page without Chinese.

    And those with Chinese on an English one.
    """
    language, prose = site.language_of(page.path), _as_read(page)
    for found in _PARAGRAPH.finditer(prose):
        if language == CHINESE and not re.search(f"[{_IDEOGRAPHS}]", found[0]):
            words = [word for word in _LETTERS.findall(found[0]) if set(word) != {_CODE}]
            if len(words) >= _LATIN_WORDS:
                yield _line_in(prose, found.start()), "this paragraph has no Chinese; translate it"
            continue
        for sentence in _ENGLISH_SENTENCE.finditer(found[0]) if language == CHINESE else ():
            place = found.start() + sentence.start()
            yield _line_in(prose, place), f"{sentence[0]!r} is in English; translate it"
        if language == "en" and _CHINESE_SENTENCE.search(found[0]):
            yield _line_in(prose, found.start()), "this paragraph has Chinese; translate it"


def untranslated_comments(site: Site, page: Page) -> Found:
    """Find the comments in code in Chinese on a page in another language."""
    if site.language_of(page.path) == CHINESE:
        return
    for block in page.blocks:
        for line, comment in find_comments(block.fence.text):
            chinese = len(_HAN.findall(comment))
            if chinese > 2 and chinese > len(re.findall("[A-Za-z]", comment)):
                yield (
                    block.fence.line + line,
                    f"the comment {comment!r} is in Chinese; translate it",
                )


def brackets_of_terms(site: Site, page: Page) -> Found:
    """Find the terms whose English in brackets isn't the glossary's."""
    if site.language_of(page.path) != CHINESE:
        return
    english, chinese = names_of_terms(site)
    for found in _BRACKETS.finditer(page.words):
        named = chinese.get(found["other"].lower(), set())
        ends = {found["term"][start:] for start in range(len(found["term"]))} & english.keys()
        goes_on = any(_goes_on(found["other"], english[term]) for term in ends)
        if (named and not named & ends) or (ends and not named and not goes_on):
            right = [
                f"{term}（{' / '.join(sorted(english[term]))}）" for term in sorted(named or ends)
            ]
            yield (
                page.line_of(found.start()),
                f"{found[0]} isn't the glossary's; write {', or '.join(right)}",
            )


def brackets_of_bold_terms(site: Site, page: Page) -> Found:
    """Find the terms in bold with another term's English in brackets."""
    if site.language_of(page.path) != CHINESE:
        return
    english, chinese = names_of_terms(site)
    for found in _BOLD_BRACKETS.finditer(page.words):
        term, named = found[1], chinese.get(found[2].lower(), set())
        if term in english and named and term not in named:
            yield (
                page.line_of(found.start()),
                f"{found[0]} has another term's English; write **{term}**（"
                f"{' / '.join(sorted(english[term]))}）",
            )


def brackets_beside_twin(site: Site, page: Page) -> Found:
    """Find the English in brackets that is nearly words of the English page, and not quite."""
    if site.language_of(page.path) != CHINESE:
        return
    _, chinese = names_of_terms(site)
    for twin in (site.read(path) for path in site.twins(page.path) if path.is_file()):
        words = _LATIN.findall(twin.text.lower())
        text = " ".join(words)
        for found in _ANY_BRACKETS.finditer(page.words):
            other = _LATIN.findall(found[1].lower())
            if other and " ".join(other) not in text and " ".join(other) not in chinese:
                stretches = {
                    " ".join(words[place : place + len(other)]) for place in range(len(words))
                }
                near = get_close_matches(" ".join(other), stretches, n=1, cutoff=_NEARLY)
                if near:
                    yield (
                        page.line_of(found.start()),
                        f"（{found[1]}） is on {twin.label} {near[0]}; write it as there",
                    )


def unknown_admonitions(site: Site, page: Page) -> Found:
    """Find the admonitions of a kind that Material doesn't know; it would show them as notes."""
    for found in _ADMONITION.finditer(page.prose):
        if found[2] not in ADMONITIONS:
            near = get_close_matches(found[2], ADMONITIONS, n=1)
            mend = f"is it {near[0]}?" if near else f"kinds are {', '.join(ADMONITIONS)}"
            yield (
                page.line_of(found.start(1)),
                f"nobody knows the kind of {found[0].strip()}; {mend}",
            )


def admonitions_beside_twin(site: Site, page: Page) -> Found:
    """Find admonitions of another kind than the twin's in their place."""
    for path in site.twins(page.path):
        twin = site.read(path) if path.is_file() else page
        ours, theirs = (list(_ADMONITION.finditer(each.prose)) for each in (page, twin))
        for here, there in zip_longest(ours, theirs):
            if here and there and here.groups() != there.groups():
                yield (
                    page.line_of(here.start(1)),
                    f"{here[0].strip()} stands where {twin.label}:{twin.line_of(there.start(1))} "
                    "has "
                    f"{there[0].strip()}; make them the same kind",
                )


def words_of_two_terms(site: Site, page: Page) -> Found:
    """Find other words for a term of the glossary that are the name of another.

    Or are given twice.
    """
    if site.name_of(page.path) != NAME:
        return
    terms = list(terms_with_lines(page))
    names = {term.name.lower(): term for term, _ in terms}
    given: dict[str, Term] = {}
    for term, line in terms:
        for word in term.also:
            other = names.get(word.lower()) or given.get(word.lower())
            if other and other.anchor != term.anchor:
                yield (
                    line,
                    f"{word!r} is given as another word for {term.name!r}, and belongs to "
                    f"{other.name!r} already; "
                    "one word, one thing",
                )
            given.setdefault(word.lower(), term)


def unused_terms(site: Site, page: Page) -> Found:
    """Find the terms of the glossary that no page uses or leads to."""
    if site.name_of(page.path) != NAME:
        return
    used = [_terms_used(site, each) for each in site.folders]
    for term, line in terms_with_lines(page):
        if not any(term.anchor in anchors for anchors in used):
            yield line, f"no page uses the term {term.name!r}; use it, or take it out"


@once_per_page
def _as_read(page: Page) -> str:
    """The prose as it is read, on its lines: no marks, comments, formulas or addresses.

    Code is letters.
    """
    spans = [(link.target_start, link.end) for link in page.links if link.kind == "link"]
    spans += [*page.comments, *(found.span() for found in _UNREAD.finditer(page.prose))]
    formulas = [(each.start, each.end) for each in page.formulas]
    text = blank(page.prose, [*page.code, *formulas], _CODE)
    text, done, pieces = _BOLD.sub("\u2060", text), 0, []
    for start, end in sorted(spans):
        if end > done:
            pieces += [
                text[done : max(start, done)],
                "\n" * text.count("\n", max(start, done), end),
            ]
            done = end
    return "".join([*pieces, text[done:]])


def _line_in(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _terms_used(site: Site, language: str) -> set[str]:
    """The anchors of the terms that pages of a language use by any of their names, or lead to."""
    path = site.page(language, NAME)
    others = [site.read(each) for each in site.paths(language) if each != path]
    text = "\n".join(each.text for each in others).lower()
    return _anchors_used(tuple(read_terms(site.read(path))) if path.is_file() else (), text)


@lru_cache(maxsize=4)  # the glossary of every language asks
def _anchors_used(terms: tuple[Term, ...], text: str) -> set[str]:
    return {
        term.anchor
        for term in terms
        if f"{NAME}.md#{term.anchor})" in text
        or any(word.lower() in text for word in (term.name, *term.also))
    }


def names_of_terms(site: Site) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The English names of the glossary's terms by their Chinese ones, and the other way round."""
    pages = [site.page(language, NAME) for language in (CHINESE, "en")]
    if not all(path.is_file() for path in pages):
        return {}, {}
    chinese, english = (tuple(read_terms(site.read(path))) for path in pages)
    return _by_name(chinese, english)


@lru_cache(maxsize=4)  # every page asks for it
def _by_name(
    chinese: tuple[Term, ...], english: tuple[Term, ...]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    names: dict[str, set[str]] = {}
    for term in english:
        names.setdefault(term.anchor, set()).update({term.name, *term.also})
    found: dict[str, set[str]] = {}
    for term in chinese:
        for word in (term.name, *term.also):
            found.setdefault(word, set()).update(names.get(term.anchor, set()))
    by_chinese = {name: others for name, others in found.items() if others}
    by_english: dict[str, set[str]] = {}
    for name, others in by_chinese.items():
        for word in map(str.lower, others):
            for form in (word, f"{word}s", f"{word}es"):
                by_english.setdefault(form, set()).add(name)
    return by_chinese, by_english


def _goes_on(word: str, names: set[str]) -> bool:
    """Whether more words stand before a name than the Chinese shows.

    Stochastic gradient descent.
    """
    return any(word.lower().endswith(f" {name.lower()}") for name in names)
