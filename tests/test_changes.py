"""Every row of the table of changes is proven.

Old code as it behaves today, and new code that does what it did.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.datasets import make_classes
from tf2docs.pages.reading.page import Block, Page, read_page

DOCS = Path(__file__).parents[1] / "docs"
OLD, NEW = {"旧", "Old"}, {"新", "New"}
ROW = re.compile(
    r"^\| \[(?P<old>.*)\]\(#(?P<anchor>[\w-]+)\) \| (?P<today>.*) \| (?P<new>.+) \|$", re.MULTILINE
)
GROUP = re.compile(r"^\| \*\*\[.*\]\(#(?P<anchor>[\w-]+)\)\*\* \| \| \|$", re.MULTILINE)
FILTERED = re.compile(r'<div class="tf2-filter" markdown>\n(.*?)\n</div>', re.DOTALL)
PROMISED = re.compile(r"下表有 (\d+) 行|The table below has (\d+) rows")
RAISES = re.compile(r"`(\w+Error)`")
WARNS, SILENT = ("警告", "warning"), ("不报错", "no error")
PIECE = re.compile(r"`([^`]+)`")
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
CALLED = re.compile(r"(?<=\.)[a-zA-Z_]\w*(?![\w.])|\b[A-Z]\w*(?![\w.])|[a-z_]\w*(?==)", re.ASCII)
UNSAFE = ("safe_mode=False", "enable_unsafe_deserialization", "allow_pickle=True", "verify=False")


@dataclass
class Row:
    anchor: str
    today: str
    new: str


def page_in(language: str) -> Page:
    return read_page(
        DOCS / language / "tutorials" / "changes.md", f"docs/{language}/tutorials/changes.md"
    )


def rows_of(page: Page) -> list[Row]:
    return [
        Row(found["anchor"], found["today"], found["new"])
        for found in ROW.finditer(FILTERED.search(page.text)[1])
    ]


def sections_of(page: Page) -> dict[str, list[Block]]:
    """The blocks below each heading of the third level, in order."""
    ends = [heading.line for heading in page.headings[1:]] + [page.line_of(len(page.text)) + 1]
    return {
        heading.anchor: [block for block in page.blocks if heading.line < block.fence.line < end]
        for heading, end in zip(page.headings, ends, strict=True)
        if heading.level == 3
    }


def unproven(page: Page) -> list[str]:
    """What the table says and the page doesn't show."""
    rows, sections = rows_of(page), sections_of(page)
    problems = [
        f"{row.anchor}: {why}" for row in rows for why in faults(row, sections.get(row.anchor, []))
    ]
    if [row.anchor for row in rows] != list(sections):
        problems.append("the rows of the table aren't the sections below it, in their order")
    promised = PROMISED.search(page.text)
    if int(promised[1] or promised[2]) != len(rows):
        problems.append(f"the text promises {promised[0]}, the table has {len(rows)}")
    return problems


def faults(row: Row, blocks: list[Block]) -> list[str]:
    old = [block for block in blocks if block.fence.options.get("title") in OLD]
    new = [block for block in blocks if block.fence.options.get("title") in NEW]
    shown = old[0].output.text if old and old[0].output else ""
    found = []
    if not old or not new or blocks != old + new:
        found.append("its section needs old code, then new code, each block titled so")
    if any(block.raises or block.skip_reason is not None for block in new):
        found.append("its new code doesn't run")
    if any(block.skip_reason is not None for block in old):
        found.append("its old code isn't run")
    if not any(block.output and block.output.text.strip() for block in new):
        found.append("its new code doesn't show what it gives")
    if any(danger in text for text in (row.new, code_of(new)) for danger in UNSAFE):
        found.append("its new code switches off what protects the reader")
    if raises := RAISES.search(row.today):
        if not old or old[0].raises != raises[1]:
            found.append(f"nothing raises {raises[1]}")
    elif row.today.startswith(WARNS) or "a warning" in row.today:
        if "warning" not in shown.partition(":")[0].lower():
            found.append("no warning is shown")
    elif not row.today.startswith(SILENT) or not shown or old[0].raises:
        found.append("it neither raises, nor warns, nor shows what changed in silence")
    return found


def code_of(blocks: list[Block]) -> str:
    return "\n".join(block.fence.text for block in blocks)


def new_blocks(page: Page, anchor: str) -> list[Block]:
    return [block for block in sections_of(page)[anchor] if block.fence.options.get("title") in NEW]


def prose_of(page: Page, anchor: str) -> str:
    """What a section says, without its code."""
    text = page.text.partition(f"{{ #{anchor} }}")[2]
    return re.split(
        r"^#{2,3} ",
        re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE),
        flags=re.MULTILINE,
    )[0]


@pytest.fixture(params=["zh", "en"])
def page(request: pytest.FixtureRequest) -> Page:
    return page_in(request.param)


def test_every_row_is_proven(page):
    assert unproven(page) == []


def test_what_the_table_recommends_is_what_the_new_code_does(page):
    for row in rows_of(page):
        shown = set(
            NAME.findall(prose_of(page, row.anchor) + code_of(new_blocks(page, row.anchor)))
        )
        recommended = {name for piece in PIECE.findall(row.new) for name in CALLED.findall(piece)}
        assert recommended <= shown, f"{row.anchor}: the new code has no {recommended - shown}"


def test_there_are_as_many_rows_as_a_reader_may_hope_for(page):
    assert len(rows_of(page)) >= 40


def test_groups_of_the_table_are_the_chapters_below(page):
    groups = [found["anchor"] for found in GROUP.finditer(FILTERED.search(page.text)[1])]
    chapters, chapter = [], ""
    for heading in page.headings:
        if heading.level == 2:
            chapter = heading.anchor
        elif heading.level == 3 and chapter not in chapters:
            chapters.append(chapter)
    assert groups == chapters


def test_both_languages_have_the_same_rows_with_the_same_fate():
    def fates(page):
        return [(row.anchor, RAISES.findall(row.today)) for row in rows_of(page)]

    assert fates(page_in("zh")) == fates(page_in("en"))


@pytest.mark.parametrize(
    ("was", "now", "report"),
    [
        ("](#reset-states) |", "](#reset-stats) |", "reset-stats: its section needs old code"),
        (
            "](#reset-states) | `AttributeError`",
            "](#reset-states) | `KeyError`",
            "reset-states: nothing raises KeyError",
        ),
        (
            "](#lr-argument) | `ValueError`",
            "](#lr-argument) | a warning",
            "lr-argument: no warning is shown",
        ),
        (
            "](#lr-argument) | `ValueError`",
            "](#lr-argument) | no error",
            "lr-argument: it neither raises",
        ),
        (
            "](#lr-argument) | `ValueError`",
            "](#lr-argument) | gone",
            "lr-argument: it neither raises",
        ),
        (
            '```python {title="New"}\nmean = ',
            "```python\nmean = ",
            "reset-states: its section needs old code",
        ),
        (
            '{title="New"}\nmean = ',
            '{data-raises="X" title="New"}\nmean = ',
            "reset-states: its new code doesn't run",
        ),
        (
            "print(mean.result().numpy())\n```\n\n```output\n0.0\n```",
            "```",
            "reset-states: its new code doesn't show",
        ),
        (
            "mean.reset_state()\n",
            "load(safe_mode=False)\n",
            "reset-states: its new code switches off",
        ),
        (
            "| `metric.reset_state()` |",
            "| `safe_mode=False` |",
            "reset-states: its new code switches off",
        ),
        (
            "### `metric.reset_states()` {",
            "#### `metric.reset_states()` {",
            "reset-states: its section needs old code",
        ),
        (" rows. Some", "1 rows. Some", "the text promises"),
    ],
)
def test_a_row_that_isn_t_proven_is_named(tmp_path, was, now, report):
    text = page_in("en").text
    assert text.count(was) == 1
    path = tmp_path / "changes.md"
    path.write_text(text.replace(was, now), encoding="utf-8")
    problems = unproven(read_page(path, "changes.md"))
    assert any(problem.startswith(report) for problem in problems)


def history_of(kind, *, layer=None, policy="float32", sample_weight=None, **compiled):
    """Train a model of this kind on batches of which the last is smaller.

    Returns history and weights.
    """
    inputs, labels = make_classes(100, features=8, classes=3)
    targets = keras.utils.to_categorical(labels)
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(policy)
    try:
        model = kind([keras.Input((8,)), *([layer] if layer else []), keras.layers.Dense(3)])
        model.compile(
            optimizer="adam",
            loss=keras.losses.CategoricalCrossentropy(from_logits=True),
            **compiled,
        )
        options = {"batch_size": 32, "epochs": 3, "shuffle": False, "verbose": 0}
        history = model.fit(inputs, targets, sample_weight=sample_weight, **options).history
    finally:
        keras.config.set_dtype_policy("float32")
    return history, model.get_weights()


@pytest.mark.parametrize(
    "make_options",
    [
        dict,
        lambda: {"metrics": ["accuracy", "mae"]},
        lambda: {"weighted_metrics": ["accuracy"], "sample_weight": np.linspace(0, 2, 100)},
        lambda: {"metrics": ["accuracy"], "sample_weight": np.linspace(0, 2, 100)},
        lambda: {"layer": keras.layers.Dense(8, kernel_regularizer=keras.regularizers.L2(0.1))},
        lambda: {"layer": keras.layers.BatchNormalization()},
        lambda: {"policy": "mixed_float16", "metrics": ["accuracy"]},
    ],
    ids=["plain", "metrics", "weighted", "weights", "regularised", "normalised", "mixed"],
)
def test_the_new_train_step_is_that_of_fit(make_options):
    namespace = {"keras": keras, "tf": tf}
    exec(new_blocks(page_in("en"), "train-step")[0].fence.text, namespace)
    expected, expected_weights = history_of(keras.Sequential, **make_options())
    history, weights = history_of(namespace["Custom"], **make_options())
    assert sorted(history) == sorted(expected)
    for name in expected:
        np.testing.assert_allclose(history[name], expected[name], rtol=1e-4)
    for weight, expected_weight in zip(weights, expected_weights, strict=True):
        np.testing.assert_allclose(weight, expected_weight, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_solution_of_the_old_script_learns(seed):
    points, kinds = make_classes(600, features=20, classes=3)
    solution = next(
        b for b in page_in("en").blocks if 'kernel_initializer="uniform")\nsoftmax' in b.fence.text
    )
    namespace = {"keras": keras, "points": points, "kinds": kinds}
    keras.utils.set_random_seed(seed)
    exec(solution.fence.text, namespace)
    chance = np.bincount(kinds).max() / len(kinds)
    guessing = np.log(3)  # the loss of three equal probabilities
    assert namespace["accuracy"] > chance + 0.5
    assert namespace["loss"] < guessing / 5
