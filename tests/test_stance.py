"""One stance in all lessons.

Models return logits, losses know it, and the test set takes no part in choices.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tf2docs.pages.reading.page import Page, read_page

ROOT = Path(__file__).parents[1]
# the folders that hold lessons
PARTS = ("basics", "data", "keras", "networks", "projects", "scale", "start")
PAGES = [
    path
    for part in PARTS
    for path in (ROOT / "docs" / "zh" / part).glob("*.md")
    if path.stem != "changes"
]
LESSONS = sorted(f"{path.parent.name}/{path.stem}" for path in PAGES)
MISTAKES = {  # the sections that show what becomes of a loss or metric that expects probabilities
    ("start/beginner", "why-logits"),
    ("start/expert", "loss"),
    ("keras/basics", "compile"),
    ("keras/debugging", "slowly"),
    ("keras/debugging", "form"),
    ("keras/components", "fails"),
}
# each section trains a model of another kind, and nothing is chosen
SEVERAL_MODELS = {"keras/models"}
# makes models whose probabilities are shown, and which aren't trained
FOR_SHOWING = {"with_softmax"}

CROSSENTROPIES = {
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "SparseCategoricalCrossentropy",
}
BY_NAME = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in CROSSENTROPIES}


def breaches(code: str) -> Iterator[str]:
    """Say what in some code puts out or expects probabilities, or chooses by the test set."""
    tree = ast.parse(code)
    showing = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in FOR_SHOWING
    ]
    allowed = {id(node) for function in showing for node in ast.walk(function)}
    named = _dicts_by_name(tree)
    for node in ast.walk(tree):
        if id(node) in allowed:
            continue
        if isinstance(node, ast.Constant) and node.value in BY_NAME:
            yield f"the loss {node.value!r}, given by its name, expects probabilities"
        if isinstance(node, ast.Call):
            yield from _breaches_of(node, named)


def _dicts_by_name(tree: ast.AST) -> dict[str, ast.Dict]:
    """The dicts that `**name` may pass on, by their names; the last one of each name."""
    assigned = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    ]
    return {
        target.id: node.value
        for node in assigned
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _breaches_of(call: ast.Call, named: dict[str, ast.Dict]) -> Iterator[str]:
    name = ast.unparse(call.func).rpartition(".")[2]
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if isinstance(spread := given.get(None), ast.Name) and spread.id in named:
        settings = named[spread.id]
        given |= {
            ast.literal_eval(key): value
            for key, value in zip(settings.keys, settings.values, strict=True)
            if key
        }
    if name in CROSSENTROPIES and not _is(given.get("from_logits"), True):
        yield f"{name} without from_logits=True expects probabilities"
    if name == "BinaryAccuracy" and not _is(given.get("threshold"), 0):
        yield "BinaryAccuracy without threshold=0 expects probabilities"
    if _puts_out_probabilities(name, call, given):
        yield f"{ast.unparse(call)} puts out probabilities"
    learned_from = [given.get("validation_data"), *(call.args if name == "fit" else ())]
    if any("test" in ast.unparse(data) for data in learned_from if data is not None):
        yield f"{name} looks at the test set"


def _puts_out_probabilities(name: str, call: ast.Call, given: dict[str | None, ast.expr]) -> bool:
    if name == "Softmax":
        return True
    values = [*call.args, *given.values()]
    one_unit = name == "Dense" and any(_is(value, 1) for value in values)
    functions = {ast.unparse(value).strip("'\"").rpartition(".")[2] for value in values}
    return name in {"Dense", "Activation"} and (
        "softmax" in functions or (one_unit and "sigmoid" in functions)
    )


TEST = re.compile(r"(?:^|_)test(?:_|$)")
SCORES = {"accuracy", "evaluate", "measure", "score", "show_rules"}


def scores_on_the_test_set(code: str) -> bool:
    """Whether some code says how good a model is on the test set."""
    return any(_scores(node) for node in ast.walk(ast.parse(code)))


def _scores(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):  # answers == y_test
        return any(isinstance(each, ast.Eq) for each in node.ops) and _is_about_the_test_set(node)
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return name in SCORES and any(map(_is_about_the_test_set, given))


def _is_about_the_test_set(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Name) and TEST.search(each.id) for each in ast.walk(node))


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def section(page: Page, line: int) -> str:
    return [heading.anchor for heading in page.headings if heading.line < line][-1]


def breaches_of_page(page: Page, name: str) -> list[tuple[str, str]]:
    """The section and the message of each breach, but for those in sections that show mistakes."""
    found = [
        (section(page, block.fence.line), what)
        for block in page.blocks
        for what in breaches(block.fence.text)
    ]
    return [(anchor, what) for anchor, what in found if (name, anchor) not in MISTAKES]


def sections_with_a_score(page: Page) -> list[str]:
    """The sections that say how good a model is on the test set, but for the exercises."""
    chapters = [heading for heading in page.headings if heading.level <= 2]
    found = {
        [heading.anchor for heading in chapters if heading.line < block.fence.line][-1]: None
        for block in page.blocks
        if scores_on_the_test_set(block.fence.text)
    }
    return [anchor for anchor in found if anchor != "exercises"]


def lesson(name: str) -> Page:
    # the code is the same in both languages
    return read_page(ROOT / "docs" / "zh" / f"{name}.md", name)


@pytest.mark.parametrize("name", LESSONS)
def test_lessons_train_on_logits_and_choose_without_the_test_set(name):
    assert breaches_of_page(lesson(name), name) == []


@pytest.mark.parametrize("name", LESSONS)
def test_the_test_set_is_opened_once(name):
    sections = sections_with_a_score(lesson(name))
    assert len(sections) <= 1 or name in SEVERAL_MODELS, sections


def test_lessons_are_seen_to_open_the_test_set():
    once = ["keras/basics", "networks/convolution", "projects/photos", "start/first-model"]
    assert all(len(sections_with_a_score(lesson(name))) == 1 for name in once)
    assert all(len(sections_with_a_score(lesson(name))) > 1 for name in SEVERAL_MODELS)


@pytest.mark.parametrize(
    ("code", "scores"),
    [
        ("model.evaluate(x_test, y_test)", True),
        ("accuracy(model, test_ds)", True),
        ("np.mean(answers == test[language][1])", True),
        ("right = y_test == model.predict(x_test)", True),
        ("model.evaluate(x=x_val, y=y_val)", False),
        ("model.predict(x_test)", False),
        ("print(y_test[:5])", False),
        ("latest == tested", False),
    ],
)
def test_a_score_on_the_test_set_is_seen(code, scores):
    assert scores_on_the_test_set(code) is scores


@pytest.mark.parametrize("path", sorted(ROOT.glob("tf2docs/*.py")), ids=lambda path: path.stem)
def test_what_lessons_import_keeps_to_logits(path):
    assert list(breaches(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(("name", "anchor"), sorted(MISTAKES))
def test_the_sections_that_show_a_mistake_still_do(name, anchor):
    page = lesson(name)
    blocks = [block for block in page.blocks if section(page, block.fence.line) == anchor]
    assert any("probabilities" in what for block in blocks for what in breaches(block.fence.text))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("layers.Dense(10, activation='softmax')", "puts out probabilities"),
        ("Dense(10, 'softmax')", "puts out probabilities"),
        ("Dense(10, activation=keras.activations.softmax)", "puts out probabilities"),
        ("Dense(1, activation='sigmoid')", "puts out probabilities"),
        ("Dense(units=1, activation=tf.sigmoid)", "puts out probabilities"),
        ("Activation('softmax')", "puts out probabilities"),
        ("Sequential([model, Softmax()])", "puts out probabilities"),
        ("model.compile('adam', 'sparse_categorical_crossentropy')", "by its name"),
        ("settings = {'loss': 'binary_crossentropy'}", "by its name"),
        ("losses.CategoricalCrossentropy()", "without from_logits=True"),
        ("losses.BinaryCrossentropy(from_logits=False)", "without from_logits=True"),
        (
            "settings = {'reduction': None}\nlosses.CategoricalCrossentropy(**settings)",
            "without from_logits=True",
        ),
        ("BinaryAccuracy()", "without threshold=0"),
        ("BinaryAccuracy(threshold=0.5)", "without threshold=0"),
        ("model.fit(x_train, y_train, validation_data=(x_test, y_test))", "looks at the test set"),
        ("settings = dict(validation_data=test_ds)", "looks at the test set"),
        ("model.fit(x_test, y_test)", "looks at the test set"),
    ],
)
def test_a_breach_is_found(code, message):
    (found,) = breaches(code)
    assert message in found


@pytest.mark.parametrize(
    "code",
    [
        "Dense(10)",
        "Dense(32, activation='sigmoid')",
        "Dense(1)",
        "keras.ops.softmax(logits)",
        "SparseCategoricalCrossentropy(from_logits=True)",
        "settings = {'from_logits': True}\nSparseCategoricalCrossentropy(**settings)",
        "BinaryAccuracy(threshold=0.0)",
        "model.fit(x_train, y_train, validation_split=0.1)",
        "model.evaluate(x_test, y_test)",
        "def with_softmax(model):\n    return Sequential([model, Softmax()])",
    ],
)
def test_what_keeps_to_the_stance_passes(code):
    assert list(breaches(code)) == []
