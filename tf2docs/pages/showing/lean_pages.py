"""Let a page load nothing that it can't use, and wait for nothing that it can do without.

No file of other pages, no comment, no rule that matches nothing, no script before the text, one
script where ten would do.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rcssmin import cssmin

# Files for some pages alone, and what stands on those.
_FILES = {"assets/_mkdocstrings.css": 'class="doc ', "assets/javascripts/filter.js": "tf2-filter"}
_OWN, _JOINED = "assets/javascripts/", "assets/javascripts/site.js"
_LITERAL = re.compile(r"(<(pre|script|textarea)\b.*?</\2>)", re.DOTALL)
_SAME_TITLE = re.compile(r'<span title="([\w.]+)">(\1|<code>\1</code>)</span>')
_TITLE_HERE = re.compile(r'(<a class="autorefs autorefs-internal") title="[^"]*"( href="#)')
_LINE_END = re.compile(r"\n\s*")
_COMMENT_LINES = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/)\n", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"[\w-]+")
_PROPERTY = re.compile(r"""(?<=[{;])(--[\w-]+):(?:[^;}"']|"[^"]*"|'[^']*')*;?""")
# Parts that the theme's script would add to pages of other kinds, and what only Markdown makes.
_ABSENT = re.compile(r"md-(annotation|source|status|tag|version)|tabbed-")
_READ = re.compile(r"var\((--[\w-]+)")
_STRING = re.compile(r'"[^"]*"|\'[^\']*\'')
_NEGATION = re.compile(r":not\([^()]*\)")
_CLASS_OR_ID = re.compile(r"[.#]([A-Za-z_][\w-]*)")
_VALUE = re.compile(r"""\[data-[\w-]+=["']?([\w-]+)""")
_NAMING = re.compile(r'\b(?:class|id|data-[\w-]+)="([^"]*)"')
_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
_BOXED = (
    '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
    r'<table class="tf2-table">\1</table></div></div>'
)
_TABLE_CLASSES = re.compile(r'<table class="([^"]*)"')
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


def without_needless_titles(html: str) -> str:
    """The page without hints that repeat the text they are for, or name what is on the page.

    The theme's script sets up each hint of a page as it loads.

    Examples:
        >>> without_needless_titles('<span title="str">str</span> <span title="a.b">b</span>')
        'str <span title="a.b">b</span>'
        >>> link = '<a class="autorefs autorefs-internal" title="a.f" href="#a.f">f</a>'
        >>> without_needless_titles(link)
        '<a class="autorefs autorefs-internal" href="#a.f">f</a>'
    """
    return _TITLE_HERE.sub(r"\1\2", _SAME_TITLE.sub(r"\2", html))


def without_indents(html: str) -> str:
    r"""The page without blank lines and indents, but in code and scripts.

    Examples:
        >>> without_indents("<p>\n  a\n\n  b</p>\n<pre>\n  c</pre>")
        '<p>\na\nb</p>\n<pre>\n  c</pre>'
    """
    pieces = _LITERAL.split(html)
    text = (_LINE_END.sub("\n", piece) for piece in pieces[::3])
    literal = [*pieces[1::3], ""]
    return "".join(f"{before}{after}" for before, after in zip(text, literal, strict=True))


def with_boxed_tables(html: str) -> str:
    """The page with the boxes around each plain table, in which it scrolls.

    The theme's script would put them there once the page is shown, and browsers would lay out the
    whole table anew; one that has a class it leaves alone.

    Examples:
        >>> with_boxed_tables("<table><tr></tr></table>").removeprefix(
        ...     '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
        ... )
        '<table class="tf2-table"><tr></tr></table></div></div>'
    """
    return _TABLE.sub(_BOXED, html)


def joined_scripts(paths: Iterable[str]) -> list[str]:
    """Those of a site's own scripts that every page needs: they travel as one.

    Examples:
        >>> joined_scripts(["assets/javascripts/a.js", "https://example.org/b.js"])
        ['assets/javascripts/a.js']
    """
    return [path for path in paths if path.startswith(_OWN) and path not in _FILES]


def with_joined_scripts(html: str, scripts: Sequence[str]) -> str:
    """The page with one script in place of those that are joined.

    Examples:
        >>> own = ["assets/javascripts/a.js", "assets/javascripts/b.js"]
        >>> page = "".join(f'<script src="../{each}"></script>' for each in own)
        >>> with_joined_scripts(page, own)
        '<script src="../assets/javascripts/site.js"></script>'
    """
    for script in scripts[1:]:
        html = re.sub(rf'\s*<script src="[^"]*{re.escape(script)}"></script>', "", html)
    for script in scripts[:1]:
        html = re.sub(rf'(<script src="[^"]*){re.escape(script)}"', rf'\1{_JOINED}"', html)
    return html


def join_scripts(site: Path, scripts: Sequence[str]) -> None:
    """Write one script of several, in their order."""
    texts = [(site / script).read_text(encoding="utf-8") for script in scripts]
    if texts:
        (site / _JOINED).write_text("\n".join(texts), encoding="utf-8")


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

    A name counts as used where a page has it as a class, an id or a `data-` attribute, and wherever
    it stands in a script, which may add it.
    """
    used, table_classes = _names_in(site)
    sheets = {sheet: sheet.read_text("utf-8") for sheet in site.glob("assets/stylesheets/*.css")}
    for sheet in sheets:
        if ".min." in sheet.name:
            sheets[sheet] = trimmed(sheets[sheet], used)
    read = used.union(*(_READ.findall(text) for text in sheets.values()))
    for sheet, text in sheets.items():
        if ".min." in sheet.name:
            text = without_unread_properties(text, read)
        sheet.write_text(with_named_tables(text, table_classes), encoding="utf-8")


def _names_in(site: Path) -> tuple[set[str], set[str]]:
    """What the pages and scripts of a site may call their elements, and the classes of tables."""
    names: set[str] = set()
    table_classes: set[str] = set()
    for script in site.glob("assets/javascripts/*.js"):
        named = _NAME.findall(script.read_text(encoding="utf-8"))
        names.update(name for name in named if not _ABSENT.match(name))
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        for value in set(_NAMING.findall(html)):
            names.update(_NAME.findall(value))
        table_classes.update(*map(str.split, _TABLE_CLASSES.findall(html)))
    return names, table_classes


def with_named_tables(css: str, classes: set[str]) -> str:
    """A style sheet that knows a plain table by the `classes` that other tables have.

    By `[class]`, any change of a class anywhere makes browsers work out anew the style of all that
    stands in the element.

    Examples:
        >>> with_named_tables("table:not([class]) td>:first-child{margin:0}", {"tf2-table", "a"})
        'table:not(.a,.highlighttable) td>:first-child{margin:0}'
    """
    others = classes - {"tf2-table"} | {"highlighttable"}
    named = ",".join(f".{each}" for each in sorted(others))
    return css.replace("table:not([class])", f"table:not({named})")


def trimmed(css: str, used: set[str]) -> str:
    """A style sheet without the rules for classes and ids that aren't among the `used` names.

    Examples:
        >>> trimmed(".a,.b>p{top:0}.b{left:0}@media print{.b{top:1px}}[dir=rtl] .a{top:2px}", {"a"})
        '.a{top:0}'
        >>> trimmed('.a:not(.b){content:"}"}@font-face{src:url(x)}', {"a"})
        '.a:not(.b){content:"}"}@font-face{src:url(x)}'
        >>> trimmed("[data-colour=red] p{top:0}[data-colour=blue] p{top:1px}", {"blue"})
        '[data-colour=blue] p{top:1px}'
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
    asserted = _NEGATION.sub("", selector)
    names = _CLASS_OR_ID.findall(_STRING.sub("", asserted)) + _VALUE.findall(asserted)
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
