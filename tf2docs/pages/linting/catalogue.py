"""The checks that have a code: what each guards and what it catches, in one table.

The page of trust shows this table by a fence `checks`, `CONTRIBUTING` as text, which
`tests/pages/linting/test_catalogue.py` holds to it. A site does without a check by its code, `Site(ignore=("numbers",))`, and a page where
its writer knows better, by a comment with the code and a reason: `<!-- names: … -->`. It stands for
its paragraph or item of a list, or on a line of its own for the fence right below, and right below a heading for that section. In the front matter it is
YAML's, behind the value: `# minutes: …`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tf2docs.pages.errors import Problem
from tf2docs.pages.linting import (
    block_rules,
    cell_rules,
    command_rules,
    formula_rules,
    front_matter_rules,
    link_rules,
    name_rules,
    number_rules,
    optional_rules,
    record_rules,
    row_rules,
    settings_rules,
    share_rules,
    style_rules,
    value_rules,
)
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.rows import ITEM
from tf2docs.pages.reading.site import Site


@dataclass(frozen=True)
class Check:
    """A check of a page, or of what stands beside the pages.

    Attributes:
        code: What it is called by; checks of one kind share it.
        find: Finds what is wrong: of a site and a page, pairs of line and message; of a site alone,
            problems.
        guards: What it guards, by language.
        damage: An example of what it catches, by language.
        of_site: Whether it looks at what stands beside the pages.
    """

    code: str
    find: Callable[..., Iterator[Any]]
    guards: dict[str, str]
    damage: dict[str, str]
    of_site: bool = False


def _check(
    code: str,
    find: Callable[..., Iterator[Any]],
    guards: tuple[str, str],
    damage: tuple[str, str],
    *,
    of_site: bool = False,
) -> Check:
    languages = ("zh", "en")
    return Check(
        code,
        find,
        dict(zip(languages, guards, strict=True)),
        dict(zip(languages, damage, strict=True)),
        of_site,
    )


CHECKS: tuple[Check, ...] = (
    _check(
        "numbers", number_rules.numbers_beside_twin,
        ("同一节里，两种语言的数相同，写成字的也算", "A section has the same numbers in both languages, in words too"),
        ("“十轮”，英文是 nine epochs", "“nine epochs” where the Chinese has 十轮"),
    ),
    _check(
        "numbers", number_rules.numbers_in_comments,
        ("代码注释里的数，两种语言相同", "Comments in code have the same numbers in both languages"),
        ("`# 每批 32 张`，英文是 64", "`# batches of 64` where the Chinese has 32"),
    ),
    _check(
        "numbers", number_rules.numbers_in_diagrams,
        ("流程图里的数，两种语言相同", "Diagrams have the same numbers in both languages"),
        ("图里写“八个”，英文是 nine", "“nine logits” in a diagram where the Chinese has 八"),
    ),
    _check(
        "numbers", front_matter_rules.numbers_beside_twin,
        ("标题和说明里的数，两种语言相同", "Title and description have the same numbers in both languages"),
        ("说明写“三种大小”，英文是 four", "“four sizes” in a description where the Chinese has 三"),
    ),
    _check(
        "numbers", number_rules.numbers_in_titles,
        ("代码块标题里的数，两种语言相同", "Titles of fences have the same numbers in both languages"),
        ("标题写 2.21，英文是 2.12", "“TensorFlow 2.12” in a title where the Chinese has 2.21"),
    ),
    _check(
        "numbers", number_rules.units_beside_twin,
        ("同一个数，两种语言的单位相同", "A number has the same unit in both languages"),
        ("“10 毫秒”，英文是 10 s", "“10 s” where the Chinese has 10 毫秒"),
    ),
    _check(
        "numbers", share_rules.shares_beside_twin,
        ("写成字的比例，两种语言相同", "A share in words is the same in both languages"),
        ("“三分之一”，英文是 two thirds", "“two thirds” where the Chinese has 三分之一"),
    ),
    _check(
        "unbound", number_rules.unfounded_numbers,
        ("大于 12 的数，本页的代码、输出或引用里有，或者标明是事实", "A number above 12 stands in the page's code, outputs or sources, or is marked as a fact"),
        ("代码训练 18 轮，正文说 19 轮", "“19 epochs” where the code has 18"),
    ),
    _check(
        "unbound", number_rules.squares_of_no_code,
        ("说到的 28×28，本页的代码、输出或引用里有", "A square size, 28×28, stands in the page's code, outputs or sources"),
        ("代码是 28×28，正文说 32×32", "“32×32” where the code has 28×28"),
    ),
    _check(
        "unbound", number_rules.wrong_sums,
        ("正文里写出的加减乘除，算得对", "Sums and products in prose come to what they say"),
        ("“5 + 15 + 10 = 35”", "“5 + 15 + 10 = 35”"),
    ),
    _check(
        "facts", number_rules.measured_facts,
        ("本页打印过的数不标成事实，而是绑定", "A number that the page printed is bound, not marked as a fact"),
        ("把 `97.5%` 标成事实", "`97.5%` marked as a fact"),
    ),
    _check(
        "facts", number_rules.facts_of_neighbours,
        ("一句话引用另一课，又写出那里的小数，那一课里就有它", "A decimal said of another lesson, in a sentence with its link, stands there"),
        ("“[上一课](…)得到 29.0”，那里是 20.9", "“[the lesson before](…) got 29.0” where that has 20.9"),
    ),
    _check(
        "facts", number_rules.versions_ahead,
        ("提到的版本不比记录时的新", "A version is no later than that with which the page was recorded"),
        ("“Keras 3.51”，记录时是 3.15", "“Keras 3.51” where 3.15 was recorded"),
    ),
    _check(
        "project", number_rules.facts_of_the_project,
        ("说到的 Python 版本就是 `pyproject.toml` 里的", "The range of Pythons is that of `pyproject.toml`"),
        ("“Python 3.10 到 3.13”", "“Python 3.10 to 3.13”"),
    ),
    _check(
        "names", name_rules.unknown_names,
        ("行内代码里的名字，本页的代码、装好的包或者 Python 里有", "A name in inline code is in the page's code, an installed package or Python"),
        ("`validation_date`", "`validation_date`"),
    ),
    _check(
        "names", name_rules.misspelt_names,
        ("和本页代码里的名字只差一点的名字，就写成代码里那样", "A name that is nearly one of the page's code is written as there"),
        ("`sample_weights`，代码里是 `sample_weight`", "`sample_weights` where the code has `sample_weight`"),
    ),
    _check(
        "names", name_rules.misspelt_strings,
        ("和本页代码里的字符串只差一点的字符串，就写成代码里那样", "A string that is nearly one of the page's code is written as there"),
        ("`\"yxxy\"`，代码里是 `\"yxyx\"`", "`\"yxxy\"` where the code has `\"yxyx\"`"),
    ),
    _check(
        "names", name_rules.unfit_arguments,
        ("行内代码里的调用，参数是它有的", "A call in inline code gives arguments that exist"),
        ("`Adam(lr=0.1)`", "`Adam(lr=0.1)`"),
    ),
    _check(
        "names", value_rules.keywords_of_values,
        ("行内代码里的值，给的是本页代码里的那个参数", "A value in inline code is given to the keyword that the page's code gives it to"),
        ("`tokenizer=\"zh\"`，代码里是 `tokenize=\"zh\"`", "`tokenizer=\"zh\"` where the code has `tokenize=\"zh\"`"),
    ),
    _check(
        "names", value_rules.unknown_tokens,
        ("方括号里的词元，本页代码里有", "A token in brackets is in the page's code"),
        ("`[begin]`，代码里是 `[start]`", "`[begin]` where the code has `[start]`"),
    ),
    _check(
        "names", value_rules.misspelt_files,
        ("和本页代码里的文件名只差一点的文件名，就写成代码里那样", "A file's name that is nearly one of the page's code is written as there"),
        ("`configs.json`，代码里是 `config.json`", "`configs.json` where the code has `config.json`"),
    ),
    _check(
        "commands", command_rules.commands_of_page,
        ("命令里的 extra、包、模块、选项、标记、变量都存在", "Extras, packages, modules, options, markers and variables in commands exist"),
        ("`pytest --fulll`", "`pytest --fulll`"),
    ),
    _check(
        "links", link_rules.titles_of_links,
        ("文字是某页标题的链接，通向那一页", "A link called like a page leads to that page"),
        ("[专家入门](…/beginner.md)", "[Expert quickstart](…/beginner.md)"),
    ),
    _check(
        "links", link_rules.names_of_links,
        ("文字是某页文件名的链接，通向那一页", "A link called like a page's file leads to that page"),
        ("[Architectures](recurrent.md)", "[Architectures](recurrent.md)"),
    ),
    _check(
        "links", link_rules.code_of_links,
        ("代码上的链接，通向同名的条目", "A link on code leads to the anchor of that name"),
        ("[`fit`](…#tf2docs.training.evaluate)", "[`fit`](…#tf2docs.training.evaluate)"),
    ),
    _check(
        "links", link_rules.sections_of_links,
        ("代码上的链接，通向说到它的一节", "A link on code leads to a section that tells of it"),
        ("[`ConvBlock`](…#nin)，那一节没有它", "[`ConvBlock`](…#nin), where it isn't mentioned"),
    ),
    _check(
        "links", link_rules.directions_of_links,
        ("说“上面”的链接往上，说“下面”的往下", "“Above” leads up, and “below” down"),
        ("“见[上面](#next)”，那一节在下面", "“see [above](#next)”, which is below"),
    ),
    _check(
        "links", link_rules.outside_addresses,
        ("站外地址是完整的 https", "Addresses of other sites are well-formed https"),
        ("`http:/keras.io`", "`http:/keras.io`"),
    ),
    _check(
        "rows", row_rules.rows_beside_twin,
        ("表格逐行相同：代码、链接、数，顺序也算", "Tables agree row by row in code, links and numbers"),
        ("英文表格的两行交换了", "Two rows of the English table are swapped"),
    ),
    _check(
        "rows", row_rules.cells_beside_twin,
        ("表格里只有名字的格子，两种语言写得一样", "Cells of tables that hold names alone are the same in both languages"),
        ("按键 L，英文是 K", "The key K where the Chinese has L"),
    ),
    _check(
        "rows", cell_rules.words_of_cells,
        ("表格里的一个词，不在另一行换成别的词的译文", "A word of a table isn't translated in one row as another word of it is"),
        ("“没有”，英文在这一行是 yes", "“yes” in one row where the Chinese has 没有"),
    ),
    _check(
        "rows", cell_rules.terms_of_cells,
        ("表格里的术语，两种语言是同一个", "A term in a cell is the same in both languages"),
        ("表头是“权重”，英文是 architecture", "The head “architecture” where the Chinese has 权重"),
    ),
    _check(
        "rows", row_rules.items_beside_twin,
        ("列表逐项相同", "Lists agree item by item"),
        ("英文列表的两项交换了", "Two items of the English list are swapped"),
    ),
    _check(
        "changes", row_rules.exceptions_of_rows,
        ("新旧对照里写的异常，就是那一节的代码块抛出的", "A “changed since” row names the exception that its section raises"),
        ("写 `TypeError`，抛出的是 `ValueError`", "`TypeError` where `ValueError` is raised"),
    ),
    _check(
        "changes", row_rules.calls_of_rows,
        ("新旧对照第一列调用的，就是那一节抛出异常的代码块所调用的", "What the first column of “changed since” calls is called by a block of its section that raises"),
        ("写 `predict(…)`，抛出异常的是 `fit`", "`predict(…)` where `fit` raises"),
    ),
    _check(
        "changes", row_rules.calls_of_headings,
        ("旧写法的标题里给出的参数，那一节的代码里有", "Arguments in the heading above old code are in its section's code"),
        ("标题是 `Adam(rate=…)`，代码里是 `lr`", "The heading `Adam(rate=…)` above `lr=`"),
    ),
    _check(
        "changes", row_rules.arguments_of_rows,
        ("新旧对照最后一列的参数存在", "Arguments in the last column of “changed since” exist"),
        ("`learning_rat=`", "`learning_rat=`"),
    ),
    _check(
        "front-matter", front_matter_rules.unknown_keys,
        ("front matter 里没有不认识的键", "The front matter has no unknown key"),
        ("`minuts: 15`", "`minuts: 15`"),
    ),
    _check(
        "front-matter", front_matter_rules.unreadable_values,
        ("`minutes` 是整数，`requires` 列出存在的页", "`minutes` is a whole number, and `requires` names pages"),
        ("`requires: [tutorials/lin]`", "`requires: [tutorials/lin]`"),
    ),
    _check(
        "front-matter", front_matter_rules.values_beside_twin,
        ("除了文字，front matter 的值两种语言相同", "Values that aren't words are the same in both languages"),
        ("英文的 `minutes` 是 20", "`minutes: 20` in English alone"),
    ),
    _check(
        "requires", front_matter_rules.order_of_lessons,
        ("先读的页在导航里排在前面，也不绕圈", "Required pages come first in the navigation, and in no circle"),
        ("第一课要求先读最后一课", "The first lesson requires the last"),
    ),
    _check(
        "minutes", front_matter_rules.dishonest_minutes,
        ("`minutes` 和字数、代码行数相称，选读和练习不算", "`minutes` is what words and code take without optional sections and exercises: half of it to half as much again"),
        ("`minutes: 5`", "`minutes: 5`"),
    ),
    _check(
        "optional", optional_rules.names_of_optional_sections,
        ("跳过选读，后面的代码也能运行", "Code runs for those who pass over optional sections, too"),
        ("选读里才有的 `newton`，后面又用到", "`newton`, which only an optional section defines, used after it"),
    ),
    _check(
        "terms", style_rules.brackets_of_terms,
        ("术语后面括号里的英文是术语表里的", "The English in brackets behind a term is the glossary's"),
        ("过拟合（underfitting）", "过拟合（underfitting）"),
    ),
    _check(
        "terms", style_rules.brackets_of_bold_terms,
        ("粗体的术语，后面括号里不是另一个术语的英文", "The English in brackets behind a term in bold isn't another term's"),
        ("**欠拟合**（overfitting）", "**欠拟合**（overfitting）"),
    ),
    _check(
        "terms", style_rules.brackets_beside_twin,
        ("中文后面括号里的英文，和英文页写得一样", "The English in brackets behind Chinese is written as on the English page"),
        ("棋盘效应（checkboard artefact）", "棋盘效应（checkboard artefact）"),
    ),
    _check(
        "terms", style_rules.words_of_two_terms,
        ("一个词只属于一个术语", "A word belongs to one term"),
        ("梯度的 `data-also` 里有“损失”", "`loss` among other words for gradient"),
    ),
    _check(
        "terms", style_rules.unused_terms,
        ("每个术语都有页面用到", "Every term is used on some page"),
        ("术语表里多了一个词", "A term that no page uses"),
    ),
    _check(
        "twins", style_rules.admonitions_beside_twin,
        ("提示框的种类和顺序，两种语言相同", "Admonitions are of the same kinds in the same order"),
        ("`!!! tip`，英文是 warning", "`!!! warning` where the Chinese has tip"),
    ),
    _check(
        "twins", style_rules.unknown_admonitions,
        ("提示框是 Material 认识的种类", "Admonitions are of kinds that Material knows"),
        ("`!!! dangerous`", "`!!! dangerous`"),
    ),
    _check(
        "twins", style_rules.untranslated_paragraphs,
        ("每一段都翻译过", "Every paragraph is translated"),
        ("中文页里有一段英文", "A paragraph of English on a Chinese page"),
    ),
    _check(
        "twins", style_rules.untranslated_comments,
        ("代码里的每条注释都翻译过", "Every comment in code is translated"),
        ("英文页的代码里有中文注释", "A comment in Chinese in the code of an English page"),
    ),
    _check(
        "style", style_rules.style_of_chinese,
        ("中文的标点和空格", "Punctuation and spaces of Chinese"),
        ("“用Keras训练,然后评估”", "“用Keras训练,然后评估”"),
    ),
    _check(
        "style", style_rules.banned_words,
        ("不把难的说成容易的", "Nothing hard is called easy"),
        ("“只需一行”", "“simply call fit”"),
    ),
    _check(
        "formulas", formula_rules.unexplained_letters,
        ("公式里的字母，到那一节结束时已经说明", "A letter of a formula is explained by the end of its section"),
        ("$\\lambda$ 改成 $\\mu$", "$\\mu$ for $\\lambda$"),
    ),
    _check(
        "outputs", block_rules.unclaimed_outputs,
        ("打印了东西的代码块，下面有 `output`", "A block that prints has an output below"),
        ("`output` 删掉了", "The `output` fence was removed"),
    ),
    _check(
        "figures", block_rules.misplaced_figures,
        ("图在画它的代码块和下一个画图的代码块之间", "A figure stands between the block that draws it and the next that draws"),
        ("两张图交换了位置", "Two figures are swapped"),
    ),
    _check(
        "seeds", block_rules.unseeded_draws,
        ("显示随机结果之前，设了随机种子", "What is shown of random draws is seeded"),
        ("`set_random_seed` 删掉了", "`set_random_seed` was removed"),
    ),
    _check(
        "records", record_rules.implausible_records,
        ("记录里的日期、秒数、版本说得通", "Day, seconds and versions of a record can be true"),
        ("总秒数改成 1", "The seconds of the page set to 1"),
    ),
    _check(
        "records", record_rules.edited_records,
        ("记录就是命令写下的样子，校验和对得上", "A record is as its command wrote it, by its checksum"),
        ("在记录里手改一个数", "A number of a record changed by hand"), of_site=True,
    ),
    _check(
        "settings", settings_rules.missing_files_of_settings,
        ("`mkdocs.yml` 里的样式、脚本、钩子都存在", "Stylesheets, scripts and hooks in `mkdocs.yml` exist"),
        ("`assets/stylesheets/sites.css`", "`assets/stylesheets/sites.css`"), of_site=True,
    ),
    _check(
        "settings", settings_rules.unwatched_packages,
        ("页面引用的软件包，改动时网站也重建", "A package that pages quote is watched while they are served"),
        ("`watch` 里少了 `tf2docs`", "`tf2docs` missing under `watch`"), of_site=True,
    ),
    _check(
        "settings", settings_rules.unexcluded_folders,
        ("不是页面的文件夹不发布", "What is no page isn't published"),
        ("`exclude_docs` 里少了 `ledger/`", "`ledger/` missing under `exclude_docs`"), of_site=True,
    ),
    _check(
        "settings", settings_rules.unnamed_assets,
        ("`assets` 里的每个文件都有地方用到", "Every file in `assets` is named somewhere"),
        ("留下了一张旧图", "An old picture is left behind"), of_site=True,
    ),
    _check(
        "settings", settings_rules.weak_validation,
        ("严格构建不放过坏链接", "A strict build passes over no dead link"),
        ("`anchors: info`", "`anchors: info`"), of_site=True,
    ),
    _check(
        "settings", settings_rules.unknown_fences_of_settings,
        ("网站认识每一种代码块", "The site knows every kind of fence"),
        ("`custom_fences` 里少了 `mermaid`", "`mermaid` missing under `custom_fences`"), of_site=True,
    ),
    _check(
        "settings", settings_rules.untranslated_labels,
        ("导航里的词都翻译过", "Labels of the navigation are translated"),
        ("新的一栏没有英文名", "A new label without an English name"), of_site=True,
    ),
    _check(
        "extras", settings_rules.imports_without_extra,
        ("软件包导入的东西，有一个 extra 会装", "What the package imports is in an extra that brings it"),
        ("`filelock` 从 `check` 里去掉", "`filelock` taken out of `check`"), of_site=True,
    ),
    _check(
        "licences", settings_rules.files_without_licence,
        ("别人的字体旁边有许可", "Fonts of others have their licence beside them"),
        ("许可文件删掉了", "The licence was removed"), of_site=True,
    ),
    _check(
        "commands", settings_rules.mistakes_in_guides,
        ("README 和 CONTRIBUTING 里的命令、路径、名字、变量、Python 版本存在", "Commands, paths, names, variables and Pythons in README and CONTRIBUTING exist"),
        ("`tests/pages/test_damages.py`", "`tests/pages/test_damages.py`"), of_site=True,
    ),
)  # fmt: skip
"""All checks that have a code."""

CODES = tuple(dict.fromkeys(check.code for check in CHECKS))

_EXCUSE = re.compile(rf"<!--\s*(?P<code>{'|'.join(CODES)}):\s*(?P<reason>\S.*?)\s*-->", re.DOTALL)
_EXCUSE_OF_KEY = re.compile(
    rf"^[\w-]+:.*#\s*(?P<code>{'|'.join(CODES)}):\s*(?P<reason>\S.*)$", re.MULTILINE
)


@dataclass
class Excuse:
    """What a writer says against a check: its code, the reason, and the lines that it stands for."""

    code: str
    reason: str
    line: int
    lines: range = field(repr=False)
    used: bool = False


def problems_of_checks(site: Site, page: Page) -> Iterator[Problem]:
    """Find what the checks say of a page, but for what its writer excuses; an excuse of nothing is a problem too."""
    excuses = find_excuses(page)
    for check in _checks_of(site, of_site=False):
        for line, message in check.find(site, page):
            excuse = _excuse_for(excuses, check.code, line)
            if excuse is None:
                yield Problem(page.label, line, f"{message} [{check.code}]")
    unheard = _unheard(site, page)
    for excuse in excuses:
        if not excuse.used and excuse.code not in unheard:
            yield Problem(
                page.label,
                excuse.line,
                f"the comment excuses nothing that the check {excuse.code} says; take it out",
            )


def _unheard(site: Site, page: Page) -> set[str]:
    """The codes of checks that could say nothing here, whatever is wrong."""
    packages = set() if name_rules.knows_packages(site) else {"names"}
    records = set() if block_rules.is_recorded(site, page) else {"outputs", "figures", "seeds"}
    return {*site.ignore, *packages, *records}


def problems_of_settings(site: Site) -> Iterator[Problem]:
    """Find what the checks say of what stands beside the pages."""
    for code in sorted(set(site.ignore) - set(CODES)):
        message = (
            f"Site(ignore=…) names {code!r}, which no check is called; codes are {', '.join(CODES)}"
        )
        yield Problem(site.label(site.docs / "conftest.py"), 1, message)
    for check in _checks_of(site, of_site=True):
        for problem in check.find(site):
            yield Problem(problem.page, problem.line, f"{problem.message} [{check.code}]")


def find_excuses(page: Page) -> list[Excuse]:
    """What the writer of a page says against checks, in order."""
    front = page.text[: len(page.text) - len(page.prose.lstrip())]
    found = [
        Excuse(
            each["code"], each["reason"], line := page.line_of(each.start()), range(line, line + 1)
        )
        for each in _EXCUSE_OF_KEY.finditer(front)
    ]
    for start, end in page.comments:
        if each := _EXCUSE.fullmatch(page.text[start:end]):
            found.append(
                Excuse(each["code"], each["reason"], page.line_of(start), _lines(page, start))
            )
    return found


def as_markdown(language: str) -> str:
    """What the checks guard, by their codes, as a table of Markdown."""
    rows = "".join(f"| `{each.code}` | {each.guards[language]} |\n" for each in CHECKS)
    return f"| code | guards |\n|---|---|\n{rows}"


def _checks_of(site: Site, *, of_site: bool) -> Iterator[Check]:
    return (each for each in CHECKS if each.of_site == of_site and each.code not in site.ignore)


def _excuse_for(excuses: list[Excuse], code: str, line: int) -> Excuse | None:
    for excuse in excuses:
        if excuse.code == code and line in excuse.lines:
            excuse.used = True
            return excuse
    return None


def _lines(page: Page, place: int) -> range:
    """The lines that a comment stands for.

    Its paragraph's; where it is alone on its line, the next fence's or, below a heading, its section's.
    """
    lines, line = page.prose.split("\n"), page.line_of(place)
    first = last = line
    alone = lines[line - 1].strip()
    if alone.startswith("<!--") and alone.endswith("-->"):
        above = next((each for each in reversed(page.headings) if each.line < line), None)
        if above and not "".join(lines[above.line : line - 1]).strip():
            ends = [
                each.line
                for each in page.headings
                if each.line > line and each.level <= above.level
            ]
            return range(above.line, ends[0] if ends else len(lines) + 1)
        for fence in page.fences:
            if line < fence.line <= line + 2:
                return range(line, page.line_of(fence.end) + 1)
    while first > 1 and lines[first - 2].strip() and not ITEM.match(lines[first - 1]):
        first -= 1
    while last < len(lines) and lines[last].strip() and not ITEM.match(lines[last]):
        last += 1
    return range(first, last + 1)
