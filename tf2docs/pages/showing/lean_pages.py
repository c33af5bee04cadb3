"""Let a page load nothing that it can't use, and wait for nothing that it can do without.

No file of other pages, no comment, no rule that matches nothing, no script before the text.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from rcssmin import cssmin

# Files for some pages alone, and what stands on those.
_FILES = {"assets/_mkdocstrings.css": 'class="doc ', "assets/javascripts/filter.js": "tf2-filter"}
_COMMENT_LINES = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/)\n", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"[\w-]+")
_PROPERTY = re.compile(r"""(?<=[{;])(--[\w-]+):(?:[^;}"']|"[^"]*"|'[^']*')*;?""")
_READ = re.compile(r"var\((--[\w-]+)")
_STRING = re.compile(r'"[^"]*"|\'[^\']*\'')
_NEGATION = re.compile(r":not\([^()]*\)")
_CLASS_OR_ID = re.compile(r"[.#]([A-Za-z_][\w-]*)")
_RIGHT_TO_LEFT = "[dir=rtl]"  # neither Chinese nor English is


def without_needless_files(html: str) -> str:
    """The page without the files that are for other pages.

    Examples:
        >>> without_needless_files('<script src="../assets/javascripts/filter.js"></script><p>')
        '<p>'
    """
    for file, mark in _FILES.items():
        loading = rf'<link\b[^>]*href="[^"]*{file}"[^>]*>|<script\b[^>]*src="[^"]*{file}"></script>'
        if mark not in re.sub(loading, "", html):
            html = re.sub(loading, "", html)
    return html


def with_scripts_after_the_page(html: str) -> str:
    """The page with scripts that are fetched beside it and run once it is read.

    They run in their order all the same. Otherwise each would hold up what stands below it.

    Examples:
        >>> with_scripts_after_the_page('<script src="a.js"></script><script>b()</script>')
        '<script defer src="a.js"></script><script>b()</script>'
    """
    return html.replace("<script src=", "<script defer src=")


def minify(site: Path) -> None:
    """Take what only writers need out of the site's own scripts and style sheets.

    Those of the theme come without. A script loses its lines of comment alone: minifiers that don't
    parse it change the texts in its nested templates.
    """
    minifiers = {"javascripts/*.js": without_comment_lines, "stylesheets/*.css": cssmin}
    for pattern, minified in minifiers.items():
        for file in (site / "assets").glob(pattern):
            if ".min." not in file.name:
                file.write_text(minified(file.read_text(encoding="utf-8")), encoding="utf-8")


def without_comment_lines(script: str) -> str:
    r"""A script without the lines that are comments.

    Examples:
        >>> without_comment_lines("// why\nf(`${a ? `${b} c` : ''}`);  // how\n")
        "f(`${a ? `${b} c` : ''}`);  // how\n"
    """
    return _COMMENT_LINES.sub("", script)


def trim_theme(site: Path) -> None:
    """Trim the theme's style sheets, once every page is written.

    What a script may add is kept, too: a name counts as used wherever it stands in a page or a
    script.
    """
    sources = [*site.rglob("*.html"), *(site / "assets" / "javascripts").glob("*.js")]
    used: set[str] = set()
    for source in sources:
        used.update(_NAME.findall(source.read_text(encoding="utf-8")))
    sheets = {
        sheet: sheet.read_text(encoding="utf-8")
        for sheet in (site / "assets" / "stylesheets").glob("*.css")
    }
    used.update(name for text in sheets.values() for name in _READ.findall(text))
    for sheet, text in sheets.items():
        if ".min." in sheet.name:
            rules = trimmed(text, used)
            sheet.write_text(without_unread_properties(rules, used), encoding="utf-8")


def trimmed(css: str, used: set[str]) -> str:
    """A style sheet without the rules for classes and ids that aren't among the `used` names.

    Examples:
        >>> trimmed(".a,.b>p{top:0}.b{left:0}@media print{.b{top:1px}}[dir=rtl] .a{top:2px}", {"a"})
        '.a{top:0}'
        >>> trimmed('.a:not(.b){content:"}"}@font-face{src:url(x)}', {"a"})
        '.a:not(.b){content:"}"}@font-face{src:url(x)}'
    """
    return "".join(_kept(rule, used) for rule in _split(css, "}"))


def without_unread_properties(css: str, used: set[str]) -> str:
    """A style sheet without the custom properties that aren't among the `used` names.

    Examples:
        >>> without_unread_properties(".a{--b:url('x;y');top:0;--c:1px}", {"--c"})
        '.a{top:0;--c:1px}'
    """
    return _PROPERTY.sub(lambda found: found[0] if found[1] in used else "", css)


def _kept(rule: str, used: set[str]) -> str:
    """A rule with the selectors that may match something, or nothing."""
    head, _, body = rule.partition("{")
    if head.startswith(("@media", "@supports")):
        inner = trimmed(body[:-1], used)
        return f"{head}{{{inner}}}" if inner else ""
    if head.startswith("@"):
        return rule
    selectors = [each for each in _split(head, ",") if _may_match(each.strip(","), used)]
    return f"{','.join(each.strip(',') for each in selectors)}{{{body}" if selectors else ""


def _may_match(selector: str, used: set[str]) -> bool:
    names = _CLASS_OR_ID.findall(_NEGATION.sub("", _STRING.sub("", selector)))
    return _RIGHT_TO_LEFT not in selector and used.issuperset(names)


def _split(text: str, end: str) -> Iterator[str]:
    """The pieces of a text, each up to an `end` that stands in no brackets and no string.

    And what is left.
    """
    depth, start, quote = 0, 0, ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote and text[place - 1] != "\\" else quote
        elif letter in "\"'":
            quote = letter
        else:
            depth += (letter in "{([") - (letter in "})]")
        if letter == end and depth == 0 and not quote:
            yield text[start : place + 1]
            start = place + 1
    if text[start:].strip() and end == ",":
        yield text[start:]
