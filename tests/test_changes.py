"""Every row of the table of changes is proven.

Old code as it behaves today, and new code that does what it did.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.datasets import make_classes
from tf2docs.migrate.table import GROUPS, Group, Row, load_groups, load_rows
from tf2docs.pages.reading.page import Block, Page, read_page

DOCS = Path(__file__).parents[1] / "docs"
LANGUAGES = ("zh", "en")
OLD, NEW = {"旧", "Old"}, {"新", "New"}
PIECE = re.compile(r"`([^`]+)`")
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
CALLED = re.compile(r"(?<=\.)[a-zA-Z_]\w*(?![\w.])|\b[A-Z]\w*(?![\w.])|[a-z_]\w*(?==)", re.ASCII)
UNSAFE = ("safe_mode=False", "enable_unsafe_deserialization", "allow_pickle=True", "verify=False")
CASES = [(language, group) for language in LANGUAGES for group in load_groups()]
BOTH = pytest.mark.parametrize(
    ("language", "group"), CASES, ids=[f"{language}-{group.name}" for language, group in CASES]
)


def proofs(language: str, group: str) -> Page:
    """The page that proves the rows of a group."""
    label = f"docs/{language}/changes/{group}.md"
    return read_page(DOCS.parent / label, label)


def sections_of(page: Page) -> dict[str, list[Block]]:
    """The blocks below each heading of the second level, in order, but what all of them use."""
    ends = [heading.line for heading in page.headings[1:]] + [page.line_of(len(page.text)) + 1]
    return {
        heading.anchor: [block for block in page.blocks if heading.line < block.fence.line < end]
        for heading, end in zip(page.headings, ends, strict=True)
        if heading.level == 2 and heading.anchor not in ("setup", "old-files")
    }


def unproven(page: Page, group: Group, language: str) -> list[str]:
    """What the table says and the page doesn't show."""
    sections = sections_of(page)
    problems = [
        f"{row.id}: {why}"
        for row in group.rows
        for why in faults(row, sections.get(row.id, []), prose_of(page, row.id), language)
    ]
    if [row.id for row in group.rows] != list(sections):
        problems.append("the rows of the table aren't the sections of the page, in their order")
    return problems


def faults(row: Row, blocks: list[Block], prose: str, language: str) -> list[str]:
    old = [block for block in blocks if block.fence.options.get("title") in OLD]
    new = [block for block in blocks if block.fence.options.get("title") in NEW]
    shown = old[0].output.text if old and old[0].output else ""
    kind = row.today.partition(" ")[0]
    found = []
    if blocks != old + new:
        found.append("its section needs old code, then new code, each block titled so")
    if any(block.raises or block.skip_reason is not None for block in new):
        found.append("its new code doesn't run")
    if any(danger in text for text in (row.new[language], code_of(new)) for danger in UNSAFE):
        found.append("its new code switches off what protects the reader")
    if kind == "elsewhere":
        if not row.effect[language] or not prose.strip():
            found.append("it doesn't say why it isn't run here")
        return found
    if not old or not (new or kind == "fixed"):
        found.append("its section needs old code, then new code, each block titled so")
    if any(block.skip_reason is not None for block in old):
        found.append("its old code isn't run")
    if new and not any(block.output and block.output.text.strip() for block in new):
        found.append("its new code doesn't show what it gives")
    if kind == "raises":
        if not old or old[0].raises != row.raises:
            found.append(f"nothing raises {row.raises}")
    elif kind == "warns":
        if "warning" not in shown.partition(":")[0].lower():
            found.append("no warning is shown")
    elif not shown or old[0].raises:
        found.append("it doesn't show what old code gives today without an error")
    return found


def code_of(blocks: list[Block]) -> str:
    return "\n".join(block.fence.text for block in blocks)


def new_blocks(page: Page, anchor: str) -> list[Block]:
    return [block for block in sections_of(page)[anchor] if block.fence.options.get("title") in NEW]


def section_text(page: Page, anchor: str) -> str:
    """All that stands in a section."""
    return re.split(r"^## ", page.text.partition(f"{{ #{anchor} }}")[2], flags=re.MULTILINE)[0]


def prose_of(page: Page, anchor: str) -> str:
    """What a section says, without the code that is run."""
    return re.sub(
        r"^```(?:python|output).*?^```",
        "",
        section_text(page, anchor),
        flags=re.DOTALL | re.MULTILINE,
    )


@BOTH
def test_every_row_is_proven(language, group):
    assert unproven(proofs(language, group.name), group, language) == []


@BOTH
def test_what_the_table_recommends_is_what_the_new_code_does(language, group):
    page = proofs(language, group.name)
    for row in group.rows:
        shown = set(NAME.findall(prose_of(page, row.id) + code_of(new_blocks(page, row.id))))
        pieces = PIECE.findall(row.new[language])
        recommended = {name for piece in pieces for name in CALLED.findall(piece)}
        assert recommended <= shown, f"{row.id}: the new code has no {recommended - shown}"


@BOTH
def test_what_a_row_says_stands_in_the_messages_of_its_proof(language, group):
    page = proofs(language, group.name)
    for row in group.rows:
        if row.today == "elsewhere":
            continue
        heading = next(line for line in page.text.splitlines() if f"{{ #{row.id} }}" in line)
        shown = " ".join(f"{heading} {section_text(page, row.id)}".split())
        for piece in row.says:
            pattern = ".*?".join(re.escape(part) for part in " ".join(piece.split()).split("…"))
            assert re.search(pattern, shown), f"{row.id}: no message says {piece!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_group_has_a_page_with_its_title(language):
    for group in load_groups():
        assert proofs(language, group.name).headings[0].anchor == group.name
    pages = {path.stem for path in (DOCS / language / "changes").glob("*.md")}
    assert pages == {*GROUPS, "index", "ways-out"}


def test_a_version_is_named_only_where_both_sides_of_it_were_run():
    record = json.loads((Path(__file__).parent / "changed_in.json").read_text(encoding="utf-8"))
    dated = {row.id: row.since for row in load_rows() if row.since}
    assert set(dated.values()) <= {"TensorFlow 2.16"}, "run the new version, and name it here"
    assert set(dated) <= set(record["2.15.1"]), "the old version doesn't take their old code"
    assert not set(dated) & set(record["2.16.2"]), "the new version still takes their old code"


def test_there_are_as_many_rows_as_a_reader_may_hope_for():
    assert len(load_rows()) >= 150


def test_all_pages_of_proofs_prepare_the_same():
    pages = [proofs(language, name) for language in LANGUAGES for name in (*GROUPS, "ways-out")]
    assert len({page.blocks[0].fence.text for page in pages}) == 1


@pytest.mark.parametrize(
    ("was", "now", "report"),
    [
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
            "## `metric.reset_states()` {",
            "### `metric.reset_states()` {",
            "reset-states: its section needs old code",
        ),
        (
            "{ #reset-states }",
            "{ #reset-stats }",
            "the rows of the table aren't the sections",
        ),
    ],
)
def test_a_row_that_isn_t_proven_is_named(tmp_path, was, now, report):
    text = proofs("en", "metrics").text
    assert text.count(was) == 1
    path = tmp_path / "metrics.md"
    path.write_text(text.replace(was, now), encoding="utf-8")
    problems = unproven(read_page(path, "metrics.md"), group_called("metrics"), "en")
    assert any(problem.startswith(report) for problem in problems)


@pytest.mark.parametrize(
    ("changes", "report"),
    [
        ({"today": "raises KeyError"}, "nothing raises KeyError"),
        ({"today": "warns"}, "no warning is shown"),
        ({"today": "silent"}, "it doesn't show what old code gives"),
        ({"today": "fixed"}, "it doesn't show what old code gives"),
        ({"today": "elsewhere"}, "it doesn't say why"),
        ({"new": {"en": "`load(safe_mode=False)`"}}, "its new code switches off"),
    ],
)
def test_a_row_that_says_otherwise_than_its_proof_is_named(changes, report):
    group = group_called("metrics")
    rows = tuple(replace(row, **changes) if row.id == "reset-states" else row for row in group.rows)
    problems = unproven(proofs("en", "metrics"), replace(group, rows=rows), "en")
    assert any(problem.startswith(f"reset-states: {report}") for problem in problems)


def group_called(name: str) -> Group:
    return next(group for group in load_groups() if group.name == name)


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
    exec(new_blocks(proofs("en", "training"), "train-step")[0].fence.text, namespace)
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
        b
        for b in proofs("en", "ways-out").blocks
        if 'kernel_initializer="uniform")\nsoftmax' in b.fence.text
    )
    namespace = {"keras": keras, "points": points, "kinds": kinds}
    keras.utils.set_random_seed(seed)
    exec(solution.fence.text, namespace)
    chance = np.bincount(kinds).max() / len(kinds)
    guessing = np.log(3)  # the loss of three equal probabilities
    assert namespace["accuracy"] > chance + 0.5
    assert namespace["loss"] < guessing / 5
