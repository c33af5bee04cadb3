"""Break a page in every way it could drift, and see the right check fail at the right line.

Each damage is one change to the sample site. The undamaged site passes; a damaged one must fail with the
item named here, which holds the page and its line, and must say what is wrong.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tf2docs.pages import Site
from tf2docs.pages.linting.catalogue import CODES, problems_of_checks, problems_of_settings

ZH, EN = "docs/zh/lesson.md", "docs/en/lesson.md"
RECORD, FIGURE = "docs/records/lesson.json", "docs/assets/figures/lesson/sums-figure.svg"
FILE = "docs/assets/files/lesson/sums.txt"
LEDGER = "docs/ledger/lesson.json"
NAVIGATION = "mkdocs.yml"
SITE = "docs/conftest.py::site"
BOTH = (ZH, EN)


@dataclass(frozen=True)
class Damage:
    """What is changed where, which items must fail, and what they must say."""

    name: str
    change: Callable
    fails: tuple[str, ...]
    says: str
    options: tuple[str, ...] = ()


def replace(old: str, new: str, *paths: str) -> Callable:
    def change(site) -> None:
        for path in paths:
            site.change(path, old, new)

    return change


def edit_record(edit: Callable) -> Callable:
    def change(site) -> None:
        record = json.loads(site.read(RECORD))
        edit(record)
        (site.root / RECORD).write_text(json.dumps(record), encoding="utf-8")

    return change


def remove(path: str) -> Callable:
    return lambda site: (site.root / path).unlink()


def copy(path: str, to: str) -> Callable:
    def change(site) -> None:
        (site.root / to).parent.mkdir(exist_ok=True)
        shutil.copy(site.root / path, site.root / to)

    return change


DAMAGES = [
    # what the page claims
    Damage("a digit in an output", replace("mean 2.5", "mean 2.6", EN), (f"{EN}::line-19-output",), "-mean 2.6"),
    Damage("a word in an output", replace("mean 2.5", "meal 2.5", ZH), (f"{ZH}::line-19-output",), "-meal 2.5"),
    Damage("a whole number in an output", replace("[1, 2, 3, 4]", "[1, 2, 3, 5]", EN), (f"{EN}::line-19-output",), "+n"),
    Damage("a line less in an output", replace("mean 2.5\n", "", EN), (f"{EN}::line-19-output",), "+mean 2.5"),
    Damage("an output above its block", replace("```output\nAttr", "words\n\n```output\nAttr", EN),
           (f"{EN}::line-1-page",), f"{EN}:66: this output has no block"),
    Damage("a bound number", replace("2.50<", "2.51<", EN), (f"{EN}::line-24-number-46",), "the record 2.50"),
    Damage("another expression", replace("len(numbers) d", "len(numbers)+1 d", *BOTH),
           (f"{EN}::line-24-number-11", f"{ZH}::line-24-number-4"), "is in no record"),
    Damage("an expression of nothing", replace("len(numbers) d", "len(nothing) d", *BOTH),
           (f"{EN}::line-24-number-11", f"{ZH}::line-24-number-4"), "NameError"),
    Damage("a bound number that is infinite", replace("len(numbers) d", "float('inf') f", *BOTH),
           (f"{EN}::line-24-number-11", f"{ZH}::line-24-number-4"), "isn't a number that a page can show", ("--refresh",)),
    Damage("a number without a format", replace("len(numbers) d", "numbers", EN),
           (f"{EN}::line-1-page",), f"{EN}:24: a bound number is written"),
    Damage("an unbound decimal", replace("- one thing", "- one thing in 1.5 seconds", EN),
           (f"{EN}::line-1-page",), f"{EN}:28: the number '1.5' is bound to nothing"),
    Damage("an unbound percentage in Chinese", replace("第一项", "第一项占97%", ZH),
           (f"{ZH}::line-1-page",), f"{ZH}:28: the number '97%' is bound to nothing"),
    # the code
    Damage("a word in the code of one language", replace('print("mean"', 'print("Mean"', EN),
           (f"{EN}::line-10-python", f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:10: the code isn't what was recorded"),
    Damage("a literal in the code of both", replace("total / 3", "total / 4", *BOTH),
           (f"{EN}::line-35-python", f"{ZH}::line-35-python"), "the code isn't what was recorded"),
    Damage("a function renamed in the package", replace("def running_sums", "def sums_so_far", "lessons/sums.py"),
           (f"{EN}::line-31-source", f"{EN}::line-35-python", f"{ZH}::line-35-python"), "sums.py doesn't define 'running_sums'"),
    Damage("a changed default", replace("start=0", "start=1", "lessons/sums.py"),
           (f"{EN}::line-42-output",), "+sum 0.667", ("--full",)),
    Damage("a block that raises", replace("sum(numbers) / len(numbers))\n", "sum(numbers) / (len(numbers) - 4))\n", *BOTH),
           (f"{EN}::line-10-python",), f"{EN}:16: print(\"mean\"", ("--full",)),
    Damage("a block that stops raising", replace("numbers.add(5)", "numbers.append(5)", *BOTH),
           (f"{EN}::line-60-python", f"{ZH}::line-60-python"), "but nothing was raised"),
    Damage("a block that raises something else", replace("numbers.add(5)", "numbers[9]", *BOTH),
           (f"{EN}::line-60-python",), "IndexError: list index out of range"),
    Damage("an unclaimed print", replace("nobody claims this", "nobody claimed this", *BOTH),
           (f"{EN}::line-68-python",), "the code isn't what was recorded"),
    Damage("a syntax error", replace("numbers.add(5)", "numbers.add(5", *BOTH),
           (f"{EN}::line-1-page",), f"{EN}:61: this isn't Python"),
    Damage("a comment in one language only", replace("  # all of them, for np.mean", "\n# all of them", EN),
           (f"{EN}::line-1-page",), "another number of lines"),
    # the fences
    Damage("an unknown option", replace("{#sums-figure data-rtol", "{#sums-figure data-tolerance", EN),
           (EN,), f"{EN}:49: a python fence has no option 'data-tolerance'"),
    Damage("options without braces", replace('{data-raises="AttributeError"}', 'data-raises="AttributeError"', EN),
           (EN,), f"{EN}:60: can't read"),
    Damage("a fence under another name", replace("```python\nhidden", "```py\nhidden", EN), (EN,), f"{EN}:68: a fence called 'py'"),
    Damage("a fence that isn't run", replace("```python\nhidden", "```text\nhidden", EN), (f"{EN}::line-1-page",), "a text fence here"),
    Damage("a fence that is never closed", replace("claims this\"\nprint(hidden)\n```", "claims this\"\nprint(hidden)\n", EN),
           (EN,), f"{EN}:73: a fence begins here, but the one above isn't closed"),
    Damage("the last fence is never closed", lambda site: (site.root / EN).write_text(site.read(EN).rstrip().removesuffix("```")),
           (EN,), f"{EN}:73: this fence is never closed"),
    Damage("a block skipped without a reason", replace("```python\nhidden", "```python {.norun}\nhidden", *BOTH),
           (f"{EN}::line-1-page",), f"{EN}:68: a block that is not always run says why"),
    Damage("a tolerance that is no number", replace('{data-rtol="0.01"}\nsum', '{data-rtol="1%"}\nsum', *BOTH),
           (f"{EN}::line-1-page",), f"{EN}:42: data-rtol must be a number"),
    Damage("a source that names nothing", replace("lessons.sums.running_sums\n", "lessons.sums.no_sums\n", *BOTH),
           (f"{EN}::line-31-source", f"{ZH}::line-31-source"), "doesn't define 'no_sums'"),
    Damage("a block removed at the end", replace('\n```python\nhidden = "nobody claims this"\nprint(hidden)\n```\n', "", *BOTH),
           (f"{EN}::line-1-page",), "has 4 blocks, 5 were recorded"),
    Damage("a fence closed by more back-ticks", replace('print(hidden)\n```', 'print(hidden)\n````', EN),
           (EN,), f"{EN}:71: some readers take this for the fence's end"),
    Damage("a fence in indented code", replace('```python\nhidden = "nobody claims this"\nprint(hidden)\n```',
           '    ```python\n    hidden = "nobody claims this"\n    print(hidden)\n    ```', EN),
           (EN,), f"{EN}:68: the site would take this fence for indented code"),
    Damage("a fence behind a space that isn't one", replace("```python\nhidden", "\u00a0```python\nhidden", EN),
           (EN,), f"{EN}:68: a fence begins on a line of its own"),
    Damage("back-ticks behind those that open a fence", replace("```python\nhidden", "```python `hidden`\nhidden", EN),
           (EN,), f"{EN}:68: a back-tick behind the back-ticks"),
    Damage("a byte that isn't UTF-8", lambda site: (site.root / EN).write_bytes(site.read(EN).encode() + b"\xff\n"), (EN,),
           "the byte 0xff here isn't UTF-8"),
    Damage("a byte order mark inside", replace("### A picture", "\ufeff### A picture", EN), (EN,), f"{EN}:47: here is a byte order mark"),
    Damage("an unfinished merge", replace("### A picture { #plot }", "<<<<<<< ours\n### A picture { #plot }\n=======\n### A plot { #plot }\n>>>>>>> theirs", EN),
           (EN,), f"{EN}:47: <<<<<<< is what an unfinished merge leaves"),
    Damage("a heading without a space", replace("### A picture", "###A picture", EN), (f"{EN}::line-1-page",),
           f"{EN}:47: '###A picture {{ #plot }}' would be shown as a heading"),
    # the twins
    Damage("a section that is optional in English alone", replace("{ #sums }", "{ #sums .optional }", EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:26: ## … {{ #sums .optional }} stands where"),
    Damage("a section in one language only", replace("### A picture { #plot }", "### A picture { #picture }", EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:47: ### … {{ #picture }} stands where"),
    Damage("a list item in one language only", replace("- another thing\n", "", EN), (f"{EN}::line-1-page",), "list items"),
    Damage("a swapped link", replace("(#sums)", "(#old)", EN), (f"{EN}::line-1-page", f"{ZH}::line-1-page"), "only here #old"),
    Damage("a number bound in one language only", replace("<!--= len(numbers) d -->", "", EN), (f"{EN}::line-1-page",), "numbers of this section"),
    Damage("an output in one language only", replace("sum 0.333\n...", "sum 0.333\nsum 1.000\n...", EN), (f"{EN}::line-1-page",), f"{EN}:42: differs from"),
    Damage("a front matter key in one language only", replace("description: Add", "minutes: 5\ndescription: Add", EN),
           (f"{EN}::line-1-page",), "differ in: minutes"),
    Damage("a missing twin", remove(ZH), (f"{EN}::line-1-page",), f"has no twin; write {ZH}"),
    Damage("a heading without an id", replace(" { #old }", "", EN), (f"{EN}::line-1-page",), f"{EN}:58: the heading 'The old way' has no id"),
    Damage("an id that stands twice", replace("{ #old }", "{ #sums }", EN), (f"{EN}::line-1-page",), f"{EN}:58: the id 'sums' stands on line 26"),
    Damage("front matter that isn't YAML", replace("title: A lesson", "title: A: lesson", EN), (EN,), f"{EN}:2: the front matter isn't YAML"),
    Damage("a paragraph changed in one language", replace("First read the data", "First write the data", EN),
           (f"{EN}::line-1-page",), f"{EN}:6: #lesson changed since it was declared equal; read it beside {ZH}:6"),
    Damage("a paragraph removed in one language", replace("先读数据（见[第二节](#sums)）：", "（见[第二节](#sums)）", ZH),
           (f"{ZH}::line-1-page",), "-先读数据（见[第二节](#sums)）："),
    Damage("a title changed in one language", replace("title: A lesson", "title: The lesson", EN),
           (f"{EN}::line-1-page",), f"{EN}:1: #front-matter changed"),
    Damage("a comment changed in one language", replace("# all of them", "# none of them", EN),
           (f"{EN}::line-1-page",), "+# none of them"),
    Damage("a paragraph changed in both languages",
           lambda site: (site.change(EN, "one thing", "a thing"), site.change(ZH, "第一项", "某项")),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), "#sums changed since it was declared equal (and so did its twin)"),
    Damage("a ledger that isn't one", lambda site: (site.root / LEDGER).write_text("{"),
           (f"{EN}::line-1-page",), f"{LEDGER}:1: this isn't a ledger"),
    Damage("a missing ledger", remove(LEDGER), (f"{EN}::line-1-page",), f"{EN}:26: #sums changed since"),
    Damage("an inline symbol in one language", replace("`np.mean(x)`", "`np.mean(y)`", EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), "inline code of this section differ"),
    Damage("an output that claims nothing", replace("sum 0.333\n...", "...", *BOTH),
           (f"{EN}::line-1-page",), f"{EN}:42: this output claims nothing"),
    Damage("an output called text", replace("```output\nAttr", "```text\nAttr", *BOTH),
           (f"{EN}::line-1-page",), f"{EN}:64: what stands right below a block is its output"),
    Damage("a tolerance that lets everything pass", replace('{data-rtol="0.01"}\nsum', '{data-rtol="9"}\nsum', *BOTH),
           (f"{EN}::line-1-page",), f"{EN}:42: a relative tolerance of 1 and more"),
    Damage("a fence in a comment",
           lambda site: [replace(old, new, *BOTH)(site) for old, new in (("```python\nhidden", "<!--\n```python\nhidden"), ("print(hidden)\n```", "print(hidden)\n```\n-->"))],
           (f"{EN}::line-1-page",), f"{EN}:69: this fence is inside a comment"),
    Damage("a number in the description", replace("Add numbers up", "Add numbers up in 1.5 s", EN),
           (f"{EN}::line-1-page",), f"{EN}:1: the description has the number '1.5'"),
    Damage("a full-width percentage", replace("第一项", "第一项占97％", ZH),
           (f"{ZH}::line-1-page",), "the number '97％' is bound to nothing"),
    Damage("a byte order mark", lambda site: (site.root / EN).write_text("\ufeff" + site.read(EN)), (EN,), f"{EN}:1: the file begins with a byte order mark"),
    Damage("a comment in what is quoted", replace("    total = start\n", "    total = start  # never zero\n", "lessons/sums.py"),
           (f"{EN}::line-31-source", f"{ZH}::line-31-source"), "isn't what it was when the page was recorded"),
    Damage("a changed default that small data hide", replace("start=0", "start=0.0", "lessons/sums.py"),
           (f"{EN}::line-31-source", f"{ZH}::line-31-source"), "isn't what it was when the page was recorded"),
    Damage("a table row in one language only", replace("- another thing\n", "- another thing\n\n| a | b |\n|---|---|\n| c | d |\n", EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), "only here 3 × table rows"),
    Damage("an admonition in one language only", replace("- another thing\n", '- another thing\n\n!!! note "No"\n\n    words\n', EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), "only here admonitions"),
    Damage("a heading of another level", replace("### A picture", "## A picture", EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:47: ## … {{ #plot }} stands where"),
    Damage("a tolerance in one language only", replace('{data-rtol="0.01"}\nsum', '{data-rtol="0.02"}\nsum', EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:42: differs from {ZH}:42: options"),
    Damage("a docstring in one language only", replace("hidden = ", '"""Hide."""\nhidden = ', EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:68: differs from"),
    Damage("two blocks with one id", replace("```python\nhidden", "```python {#sums-figure}\nhidden", *BOTH),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:68: the id 'sums-figure' stands on line 49"),
    # the site
    Damage("a page missing in the navigation", replace("[lesson.md]", "[]", NAVIGATION),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:1: isn't in the navigation; name lesson.md under `nav`"),
    Damage("a navigation entry that names no page", replace("[lesson.md]", "[lesson.md, lost.md]", NAVIGATION),
           (SITE,), "mkdocs.yml:3: the navigation names lost.md, which isn't there"),
    Damage("a navigation that isn't YAML", replace("[lesson.md]", "[lesson.md", NAVIGATION),
           (SITE, f"{EN}::line-1-page"), "mkdocs.yml:4: this isn't YAML"),
    Damage("a link to a page that is gone", replace("(#sums)", "(first.md#sums)", *BOTH),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:8: the link to first.md#sums leads nowhere: there is no such file"),
    Damage("a link to a section that is gone", replace("(#sums)", "(lesson.md#addition)", *BOTH),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:8: the link to lesson.md#addition leads nowhere: nothing there"),
    Damage("a link to an anchor that only a fence shows", replace("(#sums)", "(#ghost)\n\n```markdown\n## Ghost { #ghost }\n```\n", *BOTH),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), f"{EN}:8: the link to #ghost leads nowhere"),
    Damage("a dead link among back-ticks that make no code", replace("- one thing\n", "- one ` [thing](lost.md)\n", EN),
           (f"{EN}::line-1-page",), f"{EN}:28: the link to lost.md leads nowhere"),
    Damage("a dead link behind a reference", replace("- one thing\n", "- one [thing][lost]\n\n[lost]: lost.md\n", EN),
           (f"{EN}::line-1-page",), f"{EN}:28: the link to lost.md leads nowhere"),
    Damage("a reference to nothing", replace("- one thing", "- one [thing][lost]", EN), (f"{EN}::line-1-page",),
           f"{EN}:28: the link to lost leads nowhere: nothing is called so; write [lost]: and an address"),
    Damage("a footnote without a text", replace("- one thing", "- one thing[^1]", EN), (f"{EN}::line-1-page",),
           f"{EN}:28: the link to ^1 leads nowhere: nothing is called so; write [^1]: and its text"),
    Damage("a link in HTML", replace("- one thing", '- one <a href="lesson.md">thing</a>', EN), (f"{EN}::line-1-page",),
           f"{EN}:28: the link to lesson.md leads nowhere: HTML's addresses"),
    Damage("an empty link", replace("(#sums)", "()", EN), (f"{EN}::line-1-page",), f"{EN}:8: the link to  leads nowhere: it is empty"),
    Damage("a record of a page that is gone", copy(RECORD, "docs/records/first.json"), (SITE,), "docs/records/first.json:1: belongs to no page"),
    Damage("a ledger of a page that is gone", copy(LEDGER, "docs/ledger/first.json"), (SITE,), "docs/ledger/first.json:1: belongs to no page"),
    Damage("a figure of a page that is gone", copy(FIGURE, "docs/assets/figures/first/sums.svg"), (SITE,), "first/sums.svg:1: belongs to no page"),
    Damage("a figure that no block draws any more", copy(FIGURE, "docs/assets/figures/lesson/old.svg"),
           (f"{EN}::line-1-page",), "draws no figure 'old' any more; remove docs/assets/figures/lesson/old.svg"),
    Damage("the record of another page", edit_record(lambda record: record["blocks"].reverse()),
           (f"{EN}::line-10-python", f"{ZH}::line-35-python"), "the code isn't what was recorded"),
    # diagrams
    Damage("an arrow that isn't drawn", replace("number[\"A number\"] -->", "number[\"A number\"] ==>", EN),
           (f"{EN}::line-1-page",), f"{EN}:76: can't draw '==> total"),
    Damage("a diagram without a name", replace("    accTitle: Adding up\n", "", EN), (f"{EN}::line-1-page",), f"{EN}:74: the diagram has no name"),
    Damage("a misspelt node", replace("| number\n", "| nummer\n", EN), (f"{EN}::line-1-page",), f"{EN}:77: the node 'nummer' has no text"),
    Damage("an arrow turned round in one language", replace("total -.->|\"once more\"| number", "number -.->|\"once more\"| total", EN),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), "the diagram: missing here total -.->|…| number, only here number -.->|…| total"),
    Damage("a diagram in one language only", lambda site: (site.root / EN).write_text(site.read(EN).partition("\n```mermaid")[0]),
           (f"{EN}::line-1-page",), "the mermaid fence of docs/zh/lesson.md:73 is missing"),
    Damage("a word of a diagram changed in one language", replace("A number", "A digit", EN),
           (f"{EN}::line-1-page",), f"{EN}:58: #old changed since it was declared equal"),
    # formulas
    Damage("a formula that isn't LaTeX", replace("- one thing", "- one thing: $\\frac{1$", EN), (f"{EN}::line-1-page",),
           f"{EN}:28: the formula '\\\\frac{{1' can't be shown: a brace is never closed"),
    Damage("a formula that would lose a part", replace("- one thing", "- one thing: $a \\\\ b$", EN), (f"{EN}::line-1-page",),
           "stands outside of aligned, cases and matrices"),
    Damage("two dollar signs in a line", replace("- one thing", "- one thing: $$x$$", EN), (f"{EN}::line-1-page",),
           f"{EN}:28: $$ around a formula stands in a paragraph of its own"),
    Damage("a formula in one language only", replace("- one thing", "- one thing: $x_i$", EN), (f"{EN}::line-1-page", f"{ZH}::line-1-page"),
           "formulas of this section differ from docs/zh/lesson.md:26: missing here nothing, only here x_i"),
    Damage("a formula changed in one language", lambda site: [replace("- one thing", "- one thing: $x_i$", EN)(site), replace("- 第一项", "- 第一项：$x_j$", ZH)(site)],
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), "missing here x_j, only here x_i"),
    Damage("a measured number in a formula", replace("- one thing", "- one thing: $x = 2.5$", EN), (f"{EN}::line-1-page",),
           f"{EN}:28: the number '2.5' is bound to nothing"),
    # the library
    Damage("a dead symbol", replace("`np.mean(x)`", "`np.means(x)`", *BOTH),
           (f"{EN}::line-24-symbol-103", f"{ZH}::line-24-symbol-80"), "`np.means` doesn't exist in what is installed"),
    Damage("a struck out symbol that exists", replace("np.float_", "np.float64", *BOTH),
           (f"{EN}::line-24-symbol-119",), "`np.float64` is struck out, but exists"),
    Damage("a dead symbol in a comment", replace("for np.mean", "for np.means", EN),
           (f"{EN}::line-10-python",), "a comment names np.means, which doesn't exist"),
    Damage("a comment that states another rank", replace("import matplotlib.pyplot as plt\n", "import matplotlib.pyplot as plt\nimport numpy as np\n\nheights = np.ones((4, 3))  # (4,)\n", *BOTH),
           (f"{EN}::line-49-python", f"{ZH}::line-49-python"), "a comment says that heights has the shape (4,), but it has (4, 3); write that"),
    Damage("a comment that states another size", replace("import matplotlib.pyplot as plt\n", "import matplotlib.pyplot as plt\nimport numpy as np\n\nheights = np.ones((4, 3))  # (n, 2)\n", *BOTH),
           (f"{EN}::line-49-python", f"{ZH}::line-49-python"), "a comment says that heights has the shape (n, 2), but it has (4, 3); write that"),
    Damage("an import that no page teaches", replace("```source\nlessons.sums.running_sums\n```\n", "", *BOTH),
           (f"{EN}::line-1-page",), f"{EN}:32: imports lessons.sums.running_sums, which no `source` fence"),
    Damage("a skip too many",
           lambda site: [replace(old, old.replace("```python", '```python {.norun data-reason="x"}'), *BOTH)(site)
                         for old in ("```python\nhidden", "```python\nfrom lessons")],
           (f"{EN}::line-1-page",), f"{EN}:68: may not run; the site has 2 such blocks and allows 1"),
    Damage("a block that reaches for the network",
           replace("print(hidden)", "import socket; socket.create_connection(('192.0.2.1', 80), 1)", *BOTH),
           (f"{EN}::line-68-python",), "NetworkRefusedError: tried to reach '192.0.2.1'"),
    Damage("a block that hides that it reached for the network",
           replace("print(hidden)", "import urllib.request\ntry: urllib.request.urlopen('http://example.invalid')\nexcept Exception: print(hidden)", *BOTH),
           (f"{EN}::line-68-python",), "tried to reach example.invalid, and went on"),
    # figures
    Damage("a figure that no page shows", replace("![Sums that grow](../assets/figures/lesson/sums-figure.svg)", "", EN),
           (f"{EN}::line-1-page",), "doesn't show the figure 'sums-figure'"),
    Damage("a picture that no block makes", replace("sums-figure.svg", "other.svg", EN), (f"{EN}::line-56-figure-1",), "no block draws"),
    Damage("a stale figure", replace("</svg>", "<!-- --></svg>", FIGURE), (f"{EN}::line-56-figure-1",), "isn't the figure that was recorded"),
    Damage("a missing figure", remove(FIGURE), (f"{ZH}::line-56-figure-1",), "is missing"),
    Damage("a picture without words", replace("![Sums that grow]", "![]", EN), (f"{EN}::line-1-page",), f"{EN}:56: the picture"),
    Damage("a figure without a name", replace("{#sums-figure ", "{", *BOTH),
           (f"{EN}::line-49-python",), "has no id to call it by"),
    Damage("another style of lines", replace('"""Sums, taught."""', 'import matplotlib\n\nmatplotlib.rcParams["lines.linestyle"] = "--"', "lessons/sums.py"),
           (f"{EN}::line-49-python", f"{ZH}::line-49-python"), "draws sums-figure otherwise than recorded (-), now (+)", ("--full",)),
    Damage("another colour", replace('"""Sums, taught."""', 'import matplotlib\n\nmatplotlib.rcParams["axes.prop_cycle"] = matplotlib.cycler(color=["red"])', "lessons/sums.py"),
           (f"{EN}::line-49-python",), "+fill: none; stroke: #ff0000", ("--full",)),
    Damage("markers", replace('"""Sums, taught."""', 'import matplotlib\n\nmatplotlib.rcParams["lines.marker"] = "x"', "lessons/sums.py"),
           (f"{EN}::line-49-python",), "+marker M", ("--full",)),
    # what a run does beside
    Damage("a warning that is new", replace('"""Sums, taught."""', 'import warnings\n\nwarnings.warn("sums are slow today")', "lessons/sums.py"),
           (f"{EN}::line-35-python", f"{ZH}::line-35-python"), "writes to standard error what wasn't recorded; mend what it warns of"),
    Damage("a line that is logged anew", replace('"""Sums, taught."""', 'import logging\n\nlogging.warning("sums are slow today")', "lessons/sums.py"),
           (f"{EN}::line-35-python",), "WARNING:root:sums are slow today", ("--full",)),
    Damage("a block that writes into the package", replace("print(hidden)", "import lessons\nopen(lessons.__file__, 'a').close()", *BOTH),
           (f"{EN}::line-68-python", f"{ZH}::line-68-python"), "a page writes into its working folder alone"),
    # files that blocks keep
    Damage("an edited file", replace("1 3 6 10", "1 3 6 11", FILE), (f"{EN}::line-49-python", f"{ZH}::line-49-python"),
           f"{EN}:49: {FILE} is missing or isn't the file that was recorded; run pytest --refresh"),
    Damage("a missing file", remove(FILE), (f"{EN}::line-49-python",), f"{FILE} is missing"),
    Damage("a block that stops writing its file", replace('Path("sums.txt").write_text', "str", *BOTH),
           (f"{EN}::line-49-python", f"{ZH}::line-49-python"), "leaves the file sums.txt, but there is none in its working folder"),
    Damage("a block that writes an empty file", replace('" ".join(map(str, running_sums(numbers)))', '""', *BOTH),
           (f"{EN}::line-49-python",), "leaves the file sums.txt, but it is empty"),
    Damage("a file of another length", replace("1 2 3 4", "1 2 3 94", "docs/conftest.py"),
           (f"{EN}::line-49-python",), "leaves 9 bytes in sums.txt, 8 were recorded", ("--full",)),
    Damage("a file that no block keeps any more", copy(FILE, "docs/assets/files/lesson/old.txt"),
           (f"{EN}::line-1-page",), "keeps no file 'old.txt' any more; remove docs/assets/files/lesson/old.txt"),
    Damage("a file of a page that is gone", copy(FILE, "docs/assets/files/first/sums.txt"), (SITE,), "first/sums.txt:1: belongs to no page"),
    Damage("a file that is kept no more", replace(' data-keeps="sums.txt"', "", *BOTH),
           (f"{EN}::line-1-page", f"{EN}::line-49-python"), "keeps no file 'sums.txt' any more"),
    Damage("a file kept under no name", replace('data-keeps="sums.txt"', 'data-keeps="../sums.txt"', *BOTH),
           (f"{EN}::line-1-page",), f"{EN}:49: data-keeps must be a file's name"),
    Damage("an edited file in the record", edit_record(lambda record: record["blocks"][2].pop("file")),
           (f"{EN}::line-49-python",), "the file 'sums.txt' is in no record"),
    # the record
    Damage("an edited output in the record", edit_record(lambda record: record["blocks"][0]["printed"].append("more")),
           (f"{EN}::line-19-output", f"{ZH}::line-19-output"), "+more"),
    Damage("an edited number in the record", edit_record(lambda record: record["blocks"][0]["values"].update({"len(numbers)": 5})),
           (f"{EN}::line-24-number-11",), "the page says 4, the record 5"),
    Damage("an edited unclaimed output in the record", edit_record(lambda record: record["blocks"][4].update(printed=["x"])),
           (f"{EN}::line-68-python",), "prints something else than recorded"),
    Damage("an edited figure in the record", edit_record(lambda record: record["blocks"][2]["figures"][0].update(shows=["x"])),
           (f"{EN}::line-49-python",), "draws something else than recorded"),
    Damage("an edited record where the page cuts", edit_record(lambda record: record["blocks"][1]["printed"].pop()),
           (f"{EN}::line-42-output",), "prints something else than recorded", ("--full",)),
    Damage("a block that the record skipped", edit_record(lambda record: record["blocks"][4].update(status="skipped")),
           (f"{EN}::line-68-python", f"{ZH}::line-68-python"), "was skipped when it was recorded, and the page doesn't say why"),
    Damage("an output in the record that is no list of lines", edit_record(lambda record: record["blocks"][0].update(printed="numbers")),
           (f"{EN}::line-10-python",), f"{RECORD}:1: this isn't a record (printed can't be 'numbers')"),
    Damage("a value in the record that is no number", edit_record(lambda record: record["blocks"][0]["values"].update({"len(numbers)": "four"})),
           (f"{EN}::line-24-number-11",), "in the record, len(numbers) is 'four', which can't be written as 'd'"),
    Damage("a status that no block has", edit_record(lambda record: record["blocks"][0].update(status="passed")),
           (f"{EN}::line-10-python",), "this isn't a record (status can't be 'passed')"),
    Damage("a number that is infinite", replace("= len(numbers) d", "= 1e400 f", *BOTH),
           (f"{EN}::line-24-number-11", f"{ZH}::line-24-number-4"), "1e400 is inf, which is no number that a page can show"),
    Damage("other numbers where there are no small data",
           lambda site: [replace("        small_data=small_data,\n", "", "docs/conftest.py")(site), replace("1 2 3 4", "1 2 3 5", "docs/conftest.py")(site)],
           (f"{EN}::line-19-output", f"{EN}::line-24-number-46"), "+numbers: [1, 2, 3, 5]"),
    Damage("an output whose failing block was deselected", replace("numbers.add(5)", "numbers.append(5)", *BOTH),
           (f"{EN}::line-64-output", f"{ZH}::line-64-output"), f"rests on {EN}:60, which failed: the page says that this raises", ("-k", "output")),
    Damage("a missing record", remove(RECORD), (f"{EN}::line-10-python", f"{ZH}::line-10-python"), "the page has no record"),
    Damage("a record that isn't one", lambda site: (site.root / RECORD).write_text("{"),
           (f"{EN}::line-10-python",), f"{RECORD}:1: this isn't a record"),
    Damage("other data than recorded", edit_record(lambda record: record["data"].update(numbers="other")),
           (f"{EN}::line-1-page", f"{ZH}::line-1-page"), "was recorded on other data: numbers", ("--full",)),
    Damage("a record in which nothing ran", edit_record(lambda record: [block.update(status="skipped") for block in record["blocks"]]),
           (f"{EN}::line-1-page",), "has blocks and ran none of them"),
    Damage("other numbers on the real data", replace("1 2 3 4", "1 2 3 5", "docs/conftest.py"),
           (f"{EN}::line-19-output", f"{EN}::line-24-number-46", f"{EN}::line-49-python"), "+numbers: [1, 2, 3, 5]", ("--full",)),
]  # fmt: skip


def both(zh: tuple[str, str], en: tuple[str, str]) -> Callable:
    """Change each language's page in its own words."""
    return lambda site: (site.change(ZH, *zh), site.change(EN, *en))


def below(zh: str, en: str) -> Callable:
    """Write something below the list of the second section in each language."""
    return both(
        ("- 第二项\n", f"- 第二项\n\n{zh}\n"), ("- another thing\n", f"- another thing\n\n{en}\n")
    )


def write(path: str, text: str) -> Callable:
    def change(site) -> None:
        (site.root / path).parent.mkdir(parents=True, exist_ok=True)
        (site.root / path).write_text(text, encoding="utf-8")

    return change


def together(*changes: Callable) -> Callable:
    return lambda site: [change(site) for change in changes]


PROJECT = write(
    "pyproject.toml",
    '[project]\nrequires-python = ">=3.11,<3.14"\n[project.optional-dependencies]\ndocs = ["markdown"]\ncpu = []\ncheck = []\n[tool.pytest.ini_options]\nmarkers = ["browser: x"]\n',
)
OTHER = together(
    *(
        write(
            f"docs/{each}/other.md",
            f"---\ntitle: {title}\ndescription: x\n---\n\n# {title} {{ #other }}\n",
        )
        for each, title in (("zh", "另外的一课"), ("en", "Another lesson"))
    ),
    replace("[lesson.md]", "[lesson.md, other.md]", NAVIGATION),
)
MEASURED = together(
    *(
        lambda site, path=f"docs/{each}/other.md": write(
            path, site.read(path) + "\n```python\nprint(20.9)\n```\n\n```output\n20.9\n```\n"
        )(site)
        for each in ("zh", "en")
    )
)
DIAGRAM = '```mermaid\nflowchart TD\n    accTitle: A\n    a["{}"] --> b["s"]\n```'
GLOSSARY = together(
    write(
        "docs/zh/glossary.md",
        "---\ntitle: 术语表\ndescription: 词。\n---\n\n# 术语表 { #glossary }\n\n### 过拟合（overfitting） { #overfitting }\n\n一课。\n",
    ),
    write(
        "docs/en/glossary.md",
        "---\ntitle: Glossary\ndescription: x\n---\n\n# Glossary { #glossary }\n\n### overfitting (过拟合) { #overfitting }\n\nA lesson.\n",
    ),
)
UNDERFITTING = {
    "docs/zh/glossary.md": "\n### 欠拟合（underfitting） { #underfitting }\n\n一课。\n",
    "docs/en/glossary.md": "\n### underfitting (欠拟合) { #underfitting }\n\nA lesson.\n",
}
TERMS = together(
    GLOSSARY,
    *(
        lambda site, path=path, term=term: write(path, site.read(path) + term)(site)
        for path, term in UNDERFITTING.items()
    ),
)
OPTIONAL = replace("{ #sums }", "{ #sums .optional }", *BOTH)
SETTINGS = "nav:\n  - Numbers: [lesson.md]\n"


@dataclass(frozen=True)
class Drift:
    """A change that a check with a code must name at its line, though nothing is run, and what it must say."""

    code: str
    name: str
    change: Callable
    place: str
    says: str


SHOWN = {
    ZH: "![越来越大的和](../assets/figures/lesson/sums-figure.svg)\n",
    EN: "![Sums that grow](../assets/figures/lesson/sums-figure.svg)\n",
}


def move(site, path: str, text: str, place: str) -> None:
    """Put what stands somewhere on a page in front of something else."""
    site.change(path, text, "")
    site.change(path, place, f"{text}\n{place}")


DRIFTS = [
    # numbers
    Drift("numbers", "a number in words in one language", below("一共训练了五轮。", "It trained for six epochs."), f"{EN}:31", "only here 6, only there 5"),
    Drift("numbers", "a product in one language", below("图是 72×32。", "Images are 72×33."), f"{EN}:31", "only here 33, only there 32"),
    Drift("numbers", "a share in one language", below("二十张里有一张。", "One in thirty."), f"{EN}:31", "only here 30, only there 20"),
    Drift("numbers", "a number in alternative text", both(("越来越大的和", "五个和"), ("Sums that grow", "Nine sums")), f"{EN}:56", "only here 9, only there 5"),
    Drift("numbers", "a number in a description", both(("description: 把数", "description: 把四个数"), ("description: Add numbers", "description: Add five numbers")), f"{EN}:3", "the numbers of `description` are [5], in docs/zh/lesson.md [4]"),
    Drift("numbers", "a number in a comment", both(("# 全部，", "# 全部 8 个，"), ("# all of them,", "# all 9 of them,")), f"{EN}:15", "the numbers of the comment"),
    Drift("numbers", "a number in a diagram", below(DIAGRAM.format("五个"), DIAGRAM.format("six of them")), f"{EN}:31", "6 here, 5 there"),
    Drift("numbers", "a share in words", below("三分之二变了。", "One third changed."), f"{EN}:26", "1/3 in words here, and 2/3 in docs/zh/lesson.md:26"),
    Drift("unbound", "a number that no code gives", below("一共 37 个。", "37 in all."), f"{EN}:31", "37 is in no code"),
    Drift("numbers", "a number in the title of a fence", below('```bash {title="用 2.21"}\nls\n```', '```bash {title="With 2.12"}\nls\n```'), f"{EN}:31", "the numbers of the title 'With 2.12' aren't those of docs/zh/lesson.md:31"),
    Drift("numbers", "another unit", below("要 10 毫秒，不是 10 毫秒以下。", "It takes 10 ms, not less than 10 s."), f"{EN}:26", "10 is in ms and seconds, in docs/zh/lesson.md:26 in ms"),
    Drift("facts", "a version of the future", below("用 NumPy 99.5<!-- fact -->。", "Use NumPy 99.5<!-- fact -->."), f"{EN}:31", "NumPy 99.5 is later than NumPy"),
    Drift("unbound", "a square that no code has", below("图是 32×32。", "Images are 32×32."), f"{EN}:31", "32×32 is in no code"),
    Drift("unbound", "a sum that comes to something else", below("5 + 7 × 2 = 24<!-- fact -->。", "5 + 7 × 2 = 24<!-- fact -->."), f"{EN}:31", "5 + 7 × 2 isn't 24 but 19"),
    Drift("facts", "a measured number marked as a fact", both(("### 画出来 { #plot }\n", "### 画出来 { #plot }\n\n和是 0.333<!-- fact -->。\n"), ("### A picture { #plot }\n", "### A picture { #plot }\n\nThe sum is 0.333<!-- fact -->.\n")), f"{EN}:49", "0.333 is marked as a fact"),
    Drift("facts", "a decimal of another lesson", together(OTHER, MEASURED, below("[另外的一课](other.md)得到 29.5<!-- fact -->。", "[Another lesson](other.md) got 29.5<!-- fact -->.")), f"{EN}:31", "29.5 is said of docs/en/other.md, where it doesn't stand"),
    Drift("project", "a range of Pythons", together(PROJECT, below("用 Python 3.10 到 3.13<!-- fact -->。", "Use Python 3.10 to 3.13<!-- fact -->.")), f"{EN}:31", "isn't `requires-python`"),
    # names
    Drift("names", "a name that nothing has", below("见 `running_summs`。", "See `running_summs`."), f"{EN}:31", "`running_summs` is in no code"),
    Drift("names", "a name without its s", below("见 `running_sum`。", "See `running_sum`."), f"{EN}:31", "and `running_sums` is; write that"),
    Drift("names", "a plain word that is nearly a name", together(replace("numbers.add(5)", "numbers.AddFiveNumbers2(5)", *BOTH), below("AddFiveNumbers3 加五。", "AddFiveNumbers3 adds five.")), f"{EN}:31", "AddFiveNumbers3 is in no code of this page, and AddFiveNumbers2 is"),
    Drift("names", "a plain word with an underscore that is nearly a name", below("running_summs 加起来。", "running_summs adds up."), f"{EN}:31", "running_summs is in no code of this page, and running_sums is"),
    Drift("names", "a name in capitals", below("设 `SAMPLE_DATE`。", "Set `SAMPLE_DATE`."), f"{EN}:31", "`SAMPLE_DATE` is in no code"),
    Drift("names", "an argument that nothing takes", below("写 `running_sums(numbers, begin=1)`。", "Write `running_sums(numbers, begin=1)`."), f"{EN}:31", "takes no argument 'begin'"),
    Drift("names", "a string that is nearly one of the code", below('见 `"SAMPLE_DATE"`。', 'See `"SAMPLE_DATE"`.'), f"{EN}:31", "and 'SAMPLE_DATA' is; write that"),
    Drift("names", "a name of today beside old code", both(("旧写法 { #old }\n", "旧写法 { #old }\n\n| 用途 | 今天 |\n|---|---|\n| x | `running_summs` |\n"), ("The old way { #old }\n", "The old way { #old }\n\n| use | today |\n|---|---|\n| x | `running_summs` |\n")), f"{EN}:62", "`running_summs` is in no code"),
    Drift("names", "a value of another keyword", together(replace("numbers.add(5)", 'numbers.add(end="zh")', *BOTH), below('写 `ends="zh"`。', 'Write `ends="zh"`.')), f"{EN}:31", "and it has end=\"zh\"; write that"),
    Drift("names", "a token that the code hasn't", together(replace("numbers.add(5)", 'numbers.add("[start]")', *BOTH), below("见 `[begin]`。", "See `[begin]`.")), f"{EN}:31", "`[begin]` is in no code of this page, which has [start]"),
    Drift("names", "a file that is nearly one of the code", together(replace("numbers.add(5)", 'numbers.add("sums.json")', *BOTH), below("见 `sum.json`。", "See `sum.json`.")), f"{EN}:31", "`sum.json` is in no code of this page, and `sums.json` is"),
    Drift("names", "an argument of a call that an argument is given", below("写 `total=running_sums(numbers, begin=1)`。", "Write `total=running_sums(numbers, begin=1)`."), f"{EN}:31", "takes no argument 'begin'"),
    # commands
    Drift("commands", "an extra that isn't there", together(PROJECT, below("`pip install -e .[gpu]`", "`pip install -e .[gpu]`")), f"{EN}:31", "the extra gpu doesn't exist"),
    Drift("commands", "an option that isn't there", together(PROJECT, below("```bash\npytest --exitfrist\n```", "```bash\npytest --exitfrist\n```")), f"{EN}:32", "the option --exitfrist doesn't exist; is it --exitfirst?"),
    Drift("commands", "a package that nobody named", together(PROJECT, below("`pip install notebooks`", "`pip install notebooks`")), f"{EN}:31", "the package notebooks; is it notebook?"),
    Drift("commands", "a version behind one equals sign", together(PROJECT, below("`pip install markdown=3.8`", "`pip install markdown=3.8`")), f"{EN}:31", "write markdown==3.8"),
    Drift("commands", "a marker that isn't there", together(PROJECT, write("README.md", "Run `pytest -m browsers`.\n")), "README.md:1", "the marker browsers doesn't exist"),
    Drift("commands", "a module that isn't there", together(PROJECT, below("`python -m tf2docs.page`", "`python -m tf2docs.page`")), f"{EN}:31", "there is no module tf2docs.page"),
    Drift("commands", "a path in README that isn't there", together(PROJECT, write("README.md", "See `docs/en/lessons.md`.\n")), "README.md:1", "there is no docs/en/lessons.md"),
    Drift("commands", "a name in README that nothing has", together(PROJECT, write("README.md", "See `WIDGET`.\n")), "README.md:1", "the name WIDGET doesn't exist"),
    Drift("commands", "a name below a line that begins with code", together(PROJECT, write("README.md", "A\n```` ```checks ```` fence.\n\nSee `WIDGET`.\n")), "README.md:4", "the name WIDGET doesn't exist"),
    Drift("commands", "an option in README behind no program", together(PROJECT, write("README.md", "Add `--exitfrist 1`.\n")), "README.md:1", "the option --exitfrist doesn't exist"),
    # links
    Drift("links", "a link called like another page", together(OTHER, below("见[另外的一课](#sums)。", "See [Another lesson](#sums).")), f"{EN}:31", "is called like other.md"),
    Drift("links", "a link on another name", below("见[`running_sums`](other.md#lessons.sums.total)。", "See [`running_sums`](other.md#lessons.sums.total)."), f"{EN}:31", "leads to #lessons.sums.total, another name"),
    Drift("links", "a link on code to another section", below("见[`running_sums`](#old)。", "See [`running_sums`](#old)."), f"{EN}:31", "leads to #old, where running_sums isn't told of"),
    Drift("links", "above for below", below("见[上面](#old)。", "See [above](#old)."), f"{EN}:31", "which is below"),
    Drift("links", "an address without an s", below("见[这里](http://numpy.org/)。", "See [it](http://numpy.org/)."), f"{EN}:31", "is http; write https"),
    Drift("links", "two addresses in one", below("见[这里](https://numpy.org/https://numpy.org/)。", "See [it](https://numpy.org/https://numpy.org/)."), f"{EN}:31", "two addresses in one"),
    # rows and items
    Drift("rows", "two rows swapped", below("| a | b |\n|---|---|\n| `sum` | 7 |\n| `len` | 8 |", "| a | b |\n|---|---|\n| `len` | 8 |\n| `sum` | 7 |"), f"{EN}:33", "this row isn't that of"),
    Drift("rows", "a word translated as another is", below("| a | b |\n|---|---|\n| 有 | 没有 |\n| 没有 | 有 |", "| a | b |\n|---|---|\n| yes | no |\n| yes | yes |"), f"{EN}:34", "the cell 'yes' stands for '有' and '没有' in this table"),
    Drift("rows", "another term in a cell", together(TERMS, below("| 过拟合 | b |\n|---|---|\n| 低 | 高 |", "| underfitting | b |\n|---|---|\n| low | high |")), f"{EN}:31", "which is another term of the glossary"),
    Drift("rows", "two items swapped", below("1. `sum`\n2. `len`", "1. `len`\n2. `sum`"), f"{EN}:31", "this item isn't that of"),
    Drift("changes", "another exception than is raised", below("| 旧写法 | 今天 | 换成 |\n|---|---|---|\n| [加](#old) | `TypeError` | x |", "| then | today | instead |\n|---|---|---|\n| [add](#old) | `TypeError` | x |"), f"{EN}:33", "raise AttributeError"),
    Drift("changes", "another call than raises", below("| 旧写法 | 今天 | 换成 |\n|---|---|---|\n| [`numbers.pop(5)`](#old) | `AttributeError` | x |", "| then | today | instead |\n|---|---|---|\n| [`numbers.pop(5)`](#old) | `AttributeError` | x |"), f"{EN}:33", "the row calls pop, and no block of #old"),
    Drift("changes", "a heading with another argument", both(("旧写法 { #old }", "`numbers.add(item=5)` { #old }"), ("The old way { #old }", "`numbers.add(item=5)` { #old }")), f"{EN}:58", "the heading gives item"),
    Drift("changes", "a new argument that nothing takes", below("| 旧写法 | 今天 | 换成 |\n|---|---|---|\n| x | x | `strat=` |", "| then | today | instead |\n|---|---|---|\n| x | x | `strat=` |"), f"{EN}:33", "takes strat="),
    # front matter
    Drift("front-matter", "a misspelt key", both(("description:", "minuts: 5\ndescription:"), ("description:", "minuts: 5\ndescription:")), f"{EN}:3", "nobody reads 'minuts' in the front matter; is it 'minutes'?"),
    Drift("front-matter", "minutes that are no number", both(("description:", "minutes: five\ndescription:"), ("description:", "minutes: five\ndescription:")), f"{EN}:3", "must be a whole number"),
    Drift("front-matter", "a required page that isn't there", both(("description:", "requires: [lesson1]\ndescription:"), ("description:", "requires: [lesson1]\ndescription:")), f"{EN}:3", "names 'lesson1', which is no page; is it lesson?"),
    Drift("front-matter", "other minutes than the twin's", both(("description:", "minutes: 1\ndescription:"), ("description:", "minutes: 2\ndescription:")), f"{EN}:3", "`minutes` is 2, in docs/zh/lesson.md 1"),
    Drift("changes", "an exception that no block beside raises", both(("旧写法 { #old }\n", "旧写法 { #old }\n\n| 旧写法 | 今天 | 换成 |\n|---|---|---|\n| `numbers.add(5)` | `OSError` | x |\n"), ("The old way { #old }\n", "The old way { #old }\n\n| then | today | instead |\n|---|---|---|\n| `numbers.add(5)` | `OSError` | x |\n")), f"{EN}:62", "the blocks of #old raise AttributeError"),
    Drift("names", "an argument in a new column that nothing takes", both(("旧写法 { #old }\n", "旧写法 { #old }\n\n| 旧写法 | 今天 | 换成 |\n|---|---|---|\n| x | x | `running_sums(x, begin=1)` |\n"), ("The old way { #old }\n", "The old way { #old }\n\n| then | today | instead |\n|---|---|---|\n| x | x | `running_sums(x, begin=1)` |\n")), f"{EN}:62", "takes no argument 'begin'"),
    Drift("rows", "a name alone in a row", below("| 键 | b |\n|---|---|\n| L | 换语言 |", "| key | b |\n|---|---|\n| K | language |"), f"{EN}:33", "this row has K, and that of docs/zh/lesson.md:33 L"),
    Drift("rows", "a small number in a row", below("| a | b |\n|---|---|\n| `sum` | 2 |", "| a | b |\n|---|---|\n| `sum` | 3 |"), f"{EN}:33", "this row isn't that of"),
    Drift("links", "a link called like another page's file", together(OTHER, below("见[lesson](other.md)。", "See [lesson](other.md).")), f"{ZH}:31", "is called like lesson.md"),
    Drift("commands", "an option alone that no program has", together(PROJECT, below("加上 `--exitfrist`。", "Add `--exitfrist`.")), f"{EN}:31", "the option --exitfrist doesn't exist"),
    Drift("project", "a list of Pythons", together(PROJECT, below("用 Python 3.10<!-- fact -->、3.12<!-- fact --> 或 3.13<!-- fact -->。", "Use Python 3.10<!-- fact -->, 3.12<!-- fact --> or 3.13<!-- fact -->.")), f"{EN}:31", "isn't `requires-python`"),
    Drift("twins", "a kind of admonition that nobody knows", below('!!! dangerous "好"\n\n    x', '!!! dangerous "Oh"\n\n    x'), f"{EN}:31", "nobody knows the kind of !!! dangerous; is it danger?"),
    Drift("twins", "a comment left in Chinese", replace("# all of them, for np.mean", "# 全部，给 np", EN), f"{EN}:15", "is in Chinese; translate it"),
    Drift("twins", "a sentence left in English", below("先读数据。Then add the numbers up. 完成。", "x"), f"{ZH}:31", "'Then add the numbers up.' is in English"),
    Drift("style", "half-width brackets", below("求和(sum)。", "x"), f"{ZH}:31", "full-width brackets"),
    Drift("requires", "a circle", both(("description:", "requires: [lesson]\ndescription:"), ("description:", "requires: [lesson]\ndescription:")), f"{EN}:3", "requires itself"),
    Drift("requires", "a page that comes later", together(OTHER, both(("description:", "requires: [other]\ndescription:"), ("description:", "requires: [other]\ndescription:"))), f"{EN}:3", "stands behind this page"),
    Drift("minutes", "minutes out of all proportion", both(("description:", "minutes: 90\ndescription:"), ("description:", "minutes: 90\ndescription:")), f"{EN}:3", "`minutes` is 90"),
    # translation
    Drift("terms", "another term in brackets", together(GLOSSARY, below("这是过拟合（underfitting）。", "This is overfitting.")), f"{ZH}:31", "过拟合（overfitting）"),
    Drift("terms", "another term in brackets behind bold", together(TERMS, below("这是**过拟合**（underfitting）。", "This is overfitting.")), f"{ZH}:31", "**过拟合**（overfitting）"),
    Drift("terms", "nearly the words of the twin", below("棋盘效应（checkboard artefact）。", "A checkerboard artifact."), f"{ZH}:31", "is on docs/en/lesson.md checkerboard artifact"),
    Drift("terms", "a word for two terms", together(GLOSSARY, lambda site: write("docs/en/glossary.md", site.read("docs/en/glossary.md") + '\n### loss (损失) { #loss data-also="overfitting" }\n\nA lesson.\n')(site)), "docs/en/glossary.md:12", "belongs to 'overfitting' already"),
    Drift("terms", "a term that nobody uses", GLOSSARY, "docs/en/glossary.md:8", "no page uses the term 'overfitting'"),
    Drift("optional", "a name that an optional section alone defines", together(OPTIONAL, replace("print(hidden)", "print(hidden, total)", *BOTH)), f"{EN}:70", "`total` is defined in the optional section #sums on line 26 alone"),
    Drift("optional", "an exercise that doesn't say what it needs", together(OPTIONAL, both(("{ #old }", "{ #exercises }"), ("{ #old }", "{ #exercises }")), replace("print(hidden)", "print(hidden, total)", *BOTH)), f"{EN}:70", "`total` is defined in the optional section #sums"),
    Drift("twins", "another kind of admonition", below('!!! tip "好"\n\n    x', '!!! warning "Oh"\n\n    x'), f"{EN}:31", "!!! warning stands where"),
    Drift("twins", "a paragraph left in English", below("Read the data first, then add the numbers up, one by one.", "x"), f"{ZH}:31", "has no Chinese"),
    Drift("style", "a missing space", below("用NumPy算。", "x"), f"{ZH}:31", "a space belongs between"),
    Drift("style", "half-width punctuation", below("先读,再算。", "x"), f"{ZH}:31", "full-width punctuation"),
    Drift("style", "a word that makes light", below("x", "Simply add them."), f"{EN}:31", "'Simply' makes light"),
    Drift("style", "the same in Chinese", below("只需一行。", "x"), f"{ZH}:31", "'只需' makes light"),
    Drift("formulas", "a letter that nobody explains", below("$$ s = \\lambda x $$\n\n$x$ 是一个数。", "$$ s = \\lambda x $$\n\n$x$ is a number."), f"{EN}:31", "the letter \\lambda of this formula"),
    Drift("formulas", "a letter that is explained too late", together(below("$$ s = \\lambda $$", "$$ s = \\lambda $$"), both(("旧写法 { #old }\n", "旧写法 { #old }\n\n$\\lambda$ 是一个数。\n"), ("The old way { #old }\n", "The old way { #old }\n\n$\\lambda$ is a number.\n"))), f"{EN}:31", "the letter \\lambda of this formula"),
    # blocks
    Drift("outputs", "an output taken away", replace("```output\nnumbers: [1, 2, 3, 4]\nmean 2.5\n```\n", "", *BOTH), f"{EN}:10", "prints 'numbers: [1, 2, 3, 4]', and no `output` fence"),
    Drift("figures", "a figure above its block", lambda site: [move(site, path, SHOWN[path], "```python {#sums-figure") for path in BOTH], f"{EN}:49", "the figure sums-figure.svg is drawn on line 51"),
    Drift("seeds", "a draw without a seed", replace('hidden = "nobody claims this"\nprint(hidden)\n```', "import numpy as np\nprint(np.random.rand())\n```\n\n```output\n0.37\n```", *BOTH), f"{EN}:70", "was drawn at random, and nothing was seeded"),
    Drift("seeds", "a verdict without a seed", replace('hidden = "nobody claims this"\nprint(hidden)\n```', "import numpy as np\ndrawn = np.random.rand()\nprint(drawn > 0.1)\n```\n\n```output\nTrue\n```", *BOTH), f"{EN}:70", "was drawn at random, and nothing was seeded"),
    Drift("records", "a day that is still to come", edit_record(lambda record: record.update(date="2999-01-01")), f"{ZH}:1", f"{RECORD} is of 2999-01-01, which is still to come"),
    Drift("records", "seconds that aren't the sum", edit_record(lambda record: record.update(seconds=99.5)), f"{ZH}:1", "says that the page took 99.5 s, and its blocks"),
    Drift("records", "seconds of a block", edit_record(lambda record: record["blocks"][0].update(seconds=7000.5)), f"{ZH}:1", "and its blocks 700"),
    Drift("records", "an edited record", edit_record(lambda record: record.update(date="2020-01-01")), f"{RECORD}:1", "its checksum is another"),
    Drift("records", "a version that the page doesn't print", edit_record(lambda record: record["blocks"][4].update(printed=["numpy 1.0.0"])), f"{ZH}:1", "and its blocks printed 1.0.0"),
    # what stands beside the pages
    Drift("settings", "a stylesheet that isn't there", write(NAVIGATION, SETTINGS + "extra_css: [assets/sites.css]\n"), f"{NAVIGATION}:3", "names assets/sites.css, which isn't there"),
    Drift("settings", "a package that isn't watched", replace("watch: [lessons]", "watch: [lesson]", NAVIGATION), f"{NAVIGATION}:5", "doesn't watch lessons"),
    Drift("settings", "a folder that would be published", write(NAVIGATION, SETTINGS + "exclude_docs: |\n  conftest.py\n  records/\n"), f"{NAVIGATION}:3", "would publish docs/ledger"),
    Drift("settings", "a picture that nothing shows", write("docs/assets/images/old.svg", "<svg/>"), "docs/assets/images/old.svg:1", "nothing names it"),
    Drift("settings", "a level that lets pass", write(NAVIGATION, SETTINGS + "validation:\n  links: {not_found: info}\n"), f"{NAVIGATION}:4", "validation.links.not_found is 'info'"),
    Drift("settings", "a fence that the site doesn't know", write(NAVIGATION, SETTINGS + "markdown_extensions:\n  - pymdownx.superfences:\n      custom_fences:\n        - name: source\n"), f"{NAVIGATION}:5", "shows a mermaid fence as plain text"),
    Drift("settings", "our fences without source", write(NAVIGATION, SETTINGS + "markdown_extensions:\n  - pymdownx.superfences:\n      custom_fences:\n        - {name: python, format: tf2docs.pages.showing.code_fences.python_fence}\n"), f"{NAVIGATION}:5", "shows a source fence as plain text"),
    Drift("settings", "a label without a name", write(NAVIGATION, SETTINGS + "plugins:\n  i18n:\n    languages: [{locale: en}]\n"), f"{NAVIGATION}:2", "'Numbers' has no en name"),
    Drift("extras", "an import that no extra brings", together(PROJECT, write("tf2docs/sums.py", "import filelock\n")), "tf2docs/sums.py:1", "imports filelock, which the extra cpu doesn't bring"),
    Drift("licences", "a font without its licence", write("docs/assets/fonts/sums.woff", "x"), "docs/assets/fonts/sums.woff:1", "has no licence beside it"),
]  # fmt: skip


def said_of(site) -> list[str]:
    """What the checks with a code say of a site."""
    pages = Site(
        site.root / "docs", symbols={"np": "numpy", "lessons": "lessons"}, packages=("lessons",)
    )
    problems = [*problems_of_settings(pages)]
    for language in pages.languages:
        problems += [
            each
            for path in pages.paths(language)
            for each in problems_of_checks(pages, pages.read(path))
        ]
    return list(map(str, problems))


def test_the_checks_say_nothing_of_the_undamaged_site(site):
    said = [each for each in said_of(site) if "'nobody claims this'" not in each]  # on purpose
    assert said == []


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: f"{drift.code}: {drift.name}")
def test_every_drift_gets_its_name(site, drift):
    drift.change(site)
    said = [each for each in said_of(site) if each.endswith(f" [{drift.code}]")]
    assert any(each.startswith(f"{drift.place}: ") and drift.says in each for each in said), said


def test_what_a_page_measures_is_read_anew(site):
    """A site that is being served is recorded while it is read."""
    measured = next(drift for drift in DRIFTS if drift.name == "a measured number marked as a fact")
    measured.change(site)
    record = (site.root / RECORD).read_text(encoding="utf-8")
    (site.root / RECORD).unlink()
    assert not any(each.endswith(" [facts]") for each in said_of(site))
    (site.root / RECORD).write_text(record, encoding="utf-8")
    assert any(each.endswith(" [facts]") for each in said_of(site))


def test_every_check_has_a_drift():
    assert {drift.code for drift in DRIFTS} == set(CODES)


@pytest.mark.parametrize("options", [(), ("--full",)], ids=["small", "full"])
def test_the_undamaged_site_passes(site, options):
    result = site.run(*options)
    result.assert_outcomes(passed=31)
    result.stdout.fnmatch_lines(["tf2docs: blocks of pages: 5 ran (*"])


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_every_damage_is_caught(site, damage):
    damage.change(site)
    result = site.run(*damage.options)
    failed = {
        line.split()[1] for line in result.stdout.lines if line.startswith(("FAILED ", "ERROR "))
    }
    assert set(damage.fails) <= failed
    assert damage.says in result.stdout.str()
