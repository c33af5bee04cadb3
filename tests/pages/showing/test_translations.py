"""Docstrings are shown in another language, and what no longer fits the English is named."""

import logging
from pathlib import Path
from textwrap import indent

import pytest

pytest.importorskip("griffe", reason="it reads docstrings; it comes with the extra `docs`")

import griffe

from tf2docs.pages.errors import PageError
from tf2docs.pages.showing.translations import (
    differences,
    fingerprint,
    main,
    shown_objects,
    translated,
)

CODE = '''"""Sums, and nothing else."""

from os.path import join


def add(first: int, second: int) -> int:
    """Add two numbers.

    Args:
        first: One number, such as `1`.
        second: The other.

    Returns:
        The sum.

    Examples:
        >>> add(1, 2)
        3

    References:
        Euclid: Elements.
    """
    return first + second


class Sum:
    """A sum.

    Attributes:
        total: What came out.
    """

    def add(self, number: int) -> None:
        """Add one more."""

    def _private(self) -> None:
        """Not shown."""
'''
TEXTS = {
    "lessons.sums": "只有求和。",
    "lessons.sums.add": (
        "把两个数相加。\n\nArgs:\n    first: 一个数，例如 `1`。\n    second: 另一个数。\n\n"
        "Returns:\n    和。\n\n"
        "References: 参考文献\n    Euclid: Elements。"
    ),
    "lessons.sums.Sum": "一个和。\n\nAttributes:\n    total: 得到的结果。",
    "lessons.sums.Sum.add": "再加一个数。",
}
NAMES = list(TEXTS)
ADD = griffe.visit("sums", Path("sums.py"), CODE)["add"].docstring.value


class Lessons:
    """A package, the pages that show it in two languages, and a catalogue for one of them."""

    def __init__(self, root: Path) -> None:
        self.root, self.docs = root, root / "docs"
        self.code, self.catalogue = (
            root / "lessons" / "sums.py",
            self.docs / "translations" / "zh.yml",
        )
        for language in ("zh", "en"):
            (self.docs / language).mkdir(parents=True)
            self.show("::: lessons.sums\n", language)
        self.code.parent.mkdir()
        (self.code.parent / "__init__.py").write_text("")
        self.code.write_text(CODE)
        self.catalogue.parent.mkdir()
        self.catalogue.write_text("")

    def show(self, text: str, language: str = "zh") -> None:
        (self.docs / language / "reference.md").write_text(f"# Reference\n\n{text}")

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def translate(self, *names: str) -> None:
        """Put translations into the catalogue, and take them down."""
        entries = (
            f"{name}:\n  english: ''\n  text: |\n{indent(TEXTS[name], ' ' * 4)}\n" for name in names
        )
        self.catalogue.write_text("".join(entries))
        main(names, self.docs)

    def load(self, language: str = "zh") -> griffe.Module:
        settings = {"docs": str(self.docs), "language": language}
        extensions = griffe.load_extensions({"tf2docs.pages.showing.translations": settings})
        return griffe.load(
            "lessons", search_paths=[self.root], try_relative_path=False, extensions=extensions
        )["sums"]


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Lessons(tmp_path)


@pytest.fixture
def warnings(caplog):
    caplog.set_level(logging.WARNING, "mkdocs.plugins.tf2docs")
    return lambda: [str(record.msg) for record in caplog.records]


def test_docstrings_are_those_of_the_catalogue(lessons, warnings):
    lessons.translate(*NAMES)
    sums = lessons.load()
    assert sums.docstring.value == "只有求和。"
    assert sums["Sum.add"].docstring.value == "再加一个数。"
    assert [section.kind.value for section in sums["add"].docstring.parse("google")] == [
        "text",
        "parameters",
        "returns",
        "examples",
        "admonition",
    ]
    assert warnings() == []


def test_examples_stand_where_they_stand_in_english(lessons):
    lessons.translate(*NAMES)
    assert (
        "和。\n\nExamples:\n    >>> add(1, 2)\n    3\n\nReferences: 参考文献"
        in lessons.load()["add"].docstring.value
    )


def test_a_language_without_a_catalogue_stays(lessons, warnings):
    lessons.translate(*NAMES)
    assert lessons.load("en")["add"].docstring.value == ADD
    assert warnings() == []


def test_each_package_has_its_own_part_of_the_catalogue(lessons, warnings):
    lessons.translate(*NAMES)
    lessons.catalogue.write_text(
        f"others:\n  english: ''\n  text: x\n{lessons.catalogue.read_text()}"
    )
    lessons.load()
    assert warnings() == []


def test_what_changed_is_named_with_its_line_and_the_line_of_its_translation(lessons, warnings):
    lessons.translate(*NAMES)
    lessons.change(lessons.code, "Add one more.", "Add another one.")
    lessons.load()
    assert warnings() == [
        "lessons/sums.py:34: the docstring of lessons.sums.Sum.add changed; translate it in "
        "docs/translations/zh.yml:33, then: python -m tf2docs.pages translate lessons.sums.Sum.add"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [(">>> add(1, 2)", ">>> add(2, 1)"), ("such as `1`.", "such as\n            `1`.")],
)
def test_neither_an_example_nor_a_line_end_asks_for_a_new_translation(lessons, warnings, old, new):
    lessons.translate(*NAMES)
    lessons.change(lessons.code, old, new)
    lessons.load()
    assert warnings() == []


def test_what_is_missing_is_named(lessons, warnings):
    lessons.translate(*NAMES[:3])
    lessons.load()
    (warning,) = warnings()
    assert warning.startswith(
        "lessons/sums.py:34: the docstring of lessons.sums.Sum.add isn't translated; "
    )


def test_what_is_gone_is_named_with_its_line(lessons, warnings):
    lessons.translate(*NAMES)
    lessons.show("::: lessons.sums\n    options:\n      members: [add]\n")
    lessons.load()
    gone, gone_too = warnings()
    assert gone.startswith(
        "docs/translations/zh.yml:25: lessons.sums.Sum isn't on the reference pages any more; "
    )
    assert "lessons.sums.Sum.add isn't" in gone_too


def test_only_what_is_shown_is_asked_for(lessons):
    lessons.show(
        "::: lessons.sums.Sum\n\nText.\n\n::: lessons.sums\n    options:\n      members: [add]\n"
    )
    main(
        ["lessons.sums.Sum.add", "lessons.sums.Sum", "lessons.sums", "lessons.sums.add"],
        lessons.docs,
    )
    keys = [
        line for line in lessons.catalogue.read_text().splitlines() if line.startswith("lessons")
    ]
    assert keys == [
        "lessons.sums.Sum:",
        "lessons.sums.Sum.add:",
        "lessons.sums:",
        "lessons.sums.add:",
    ]


def test_an_overview_comes_after_the_pages_beside_it(lessons):
    folder = lessons.docs / "zh" / "api"
    folder.mkdir()
    (lessons.docs / "zh" / "reference.md").unlink()
    (folder / "index.md").write_text("::: lessons.sums.Sum\n")
    (folder / "sums.md").write_text("::: lessons.sums.add\n")
    assert list(
        shown_objects(lessons.docs / "zh", griffe.load("lessons", search_paths=[lessons.root]))
    ) == [
        "lessons.sums.add",
        "lessons.sums.Sum",
        "lessons.sums.Sum.add",
    ]


def test_what_isn_t_there_is_left_to_mkdocstrings(lessons, warnings):
    lessons.translate(*NAMES)
    lessons.show("::: lessons.nothing\n\n::: lessons.sums\n")
    lessons.load()
    assert warnings() == []


def test_what_is_imported_is_shown_if_it_is_exported(lessons, capsys):
    exported = '"""All."""\n\nfrom lessons.sums import Sum, add\n\n__all__ = ["add"]\n'
    (lessons.root / "lessons" / "__init__.py").write_text(exported)
    lessons.show("::: lessons\n")
    assert main([], lessons.docs) == 1
    reports = capsys.readouterr().out.splitlines()
    assert [report.partition(" isn't")[0] for report in reports] == [
        "lessons/__init__.py:1: the docstring of lessons",
        "lessons/sums.py:7: the docstring of lessons.add",
    ]


def test_the_command_begins_declares_and_removes_a_translation(lessons, capsys):
    assert main(["lessons.sums.Sum.add"], lessons.docs) == 1
    assert (
        'lessons.sums.Sum.add:\n  english: ""\n  text: |\n    Add one more.\n'
        in lessons.catalogue.read_text()
    )
    assert (
        "Sum.add isn't translated; translate it in docs/translations/zh.yml:5, then: "
        in capsys.readouterr().out
    )

    lessons.change(lessons.catalogue, "Add one more.", "再加一个数。")
    main(["lessons.sums.Sum.add"], lessons.docs)
    assert f'english: "{fingerprint("Add one more.")}"' in lessons.catalogue.read_text()
    assert "Sum.add isn't" not in capsys.readouterr().out

    lessons.show("::: lessons.sums.add\n")
    main(["lessons.sums.Sum.add"], lessons.docs)
    assert "Sum.add" not in lessons.catalogue.read_text()
    assert "Sum.add is removed" in capsys.readouterr().out


def test_the_command_says_whether_something_is_to_be_done(lessons, capsys):
    assert main([], lessons.docs) == 1
    assert len(capsys.readouterr().out.splitlines()) == len(NAMES)
    lessons.translate(*NAMES)
    capsys.readouterr()
    before = lessons.catalogue.read_text()
    assert main([], lessons.docs) == 0
    assert capsys.readouterr().out == ""
    main(NAMES, lessons.docs)
    assert lessons.catalogue.read_text() == before


def test_a_name_that_nobody_knows_is_refused(lessons, capsys):
    main(["lessons.sums.nothing"], lessons.docs)
    assert (
        "lessons.sums.nothing is neither on the reference pages nor in the catalogue"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("`1`", "`2`", ["lacks `1`", "has `2`, which the docstring hasn't"]),
        ("second:", "zweites:", ["explains first, zweites under Args, expected first, second"]),
        ("second: ", "second：", ["explains first under Args, expected first, second"]),
        (
            "Returns:\n    和。\n\n",
            "",
            ["has the sections Args, References, expected Args, Returns, References"],
        ),
        ("Euclid", "欧几里得", []),
    ],
)
def test_what_must_be_the_same_is_compared(old, new, says):
    assert old in TEXTS["lessons.sums.add"]
    assert list(differences(ADD, TEXTS["lessons.sums.add"].replace(old, new))) == says


@pytest.mark.parametrize(
    ("english", "chinese", "says"),
    [
        ("Up to 60,000 rows.", "最多 6 万行。", []),
        ("Up to 60,000 rows.", "最多60000行。", []),
        ("Up to 60,000 rows.", "最多 6000 行。", ["says the numbers 6000, expected 60000"]),
        ("In 2.5 s, by `60`.", "用 `60`，25 秒。", ["says the numbers 25, expected 2.5"]),
        ("Of 7 rows.", "各行。", ["says the numbers none, expected 7"]),
        ("Of 1 row, of float32.", "一行，float32。", []),
    ],
)
def test_numbers_are_the_same(english, chinese, says):
    assert list(differences(english, chinese)) == says


@pytest.mark.parametrize(
    ("english", "chinese", "says"),
    [
        ("It isn't sorted.", "它排好了序。", "denies nothing in '它排好了序。'"),
        ("It isn't sorted.", "它没有排好序。", None),
        ("Never empty.\n\nSorted.", "不空。\n\n排好了序。", None),
        ("Sorted.\n\nNever empty.", "不用排序。\n\n空的。", "denies nothing in '空的。'"),
        ("Args:\n    x: No.\n    y: No.", "Args:\n    x: 不空。\n    y: 有。", "in 'y: 有。'"),
        ("No more than that.", "最多这些。", None),
    ],
)
def test_what_is_denied_is_denied_in_chinese_too(english, chinese, says):
    said = list(differences(english, chinese))
    assert (not said) if says is None else (len(said) == 1 and says in said[0])


def test_a_difference_is_named_with_its_line(lessons, warnings):
    lessons.translate(*NAMES)
    lessons.change(lessons.catalogue, "`1`", "一")
    lessons.load()
    assert warnings() == [
        "docs/translations/zh.yml:10: the translation of lessons.sums.add lacks `1`"
    ]


def test_nothing_of_a_translation_is_lost_where_the_english_changed():
    assert translated("One.", "一。\n\nArgs:\n    one: 一。") == "一。\n\nArgs:\n    one: 一。"


@pytest.mark.parametrize(
    "text", ["- a list", "name: text", "name:\n  text: x", "name:\n  english: 1\n", "a: [", "b: {}"]
)
def test_what_isn_t_a_catalogue_is_refused(lessons, text):
    lessons.catalogue.write_text(text)
    with pytest.raises(PageError, match=r"docs/translations/zh.yml:\d: this isn't a catalogue"):
        main([], lessons.docs)
