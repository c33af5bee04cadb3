"""What a report of pytest says of the pages: what fails, and what only moved."""

import json

import pytest

from tf2docs.pages.trying.report import Item, in_a_line, judge, read_report
from tf2docs.pages.trying.trials import Finding

FILE = 'file="docs/zh/tutorials/beginner.md"'
REPORT = f"""<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="3" skipped="2" tests="8">
<testcase classname="docs.zh.tutorials.beginner.md" name="line-1-page" {FILE} line="0" />
<testcase classname="docs.zh.tutorials.beginner.md" name="line-23-python" {FILE} line="22">
  <properties><property name="tf2docs/block" value="['tutorials-beginner-1f', 0, 'ran', 0.001]" /></properties>
</testcase>
<testcase classname="docs.zh.tutorials.beginner.md" name="line-31-output" {FILE} line="30">
  <failure message="docs">docs/zh/tutorials/beginner.md:31: the page shows (-), the block printed (+)
-TensorFlow 2.21.0
-loss 0.25
+TensorFlow 2.20.0
+loss 0.5</failure>
</testcase>
<testcase classname="docs.zh.tutorials.beginner.md" name="line-44-python" {FILE} line="43">
  <properties><property name="tf2docs/block" value="['tutorials-beginner-1f', 1, 'failed', 2.5]" /></properties>
  <failure message="docs">docs/zh/tutorials/beginner.md:44: AttributeError: no &lt;fit&gt;
    docs/zh/tutorials/beginner.md:46: model.fit()</failure>
</testcase>
<testcase classname="docs.zh.tutorials.beginner.md" name="line-49-output" {FILE} line="48">
  <skipped type="pytest.skip" message="not run: block 2 failed">not run</skipped>
</testcase>
<testcase classname="docs.zh.tutorials.beginner.md" name="line-60-python" {FILE} line="59">
  <properties><property name="tf2docs/block" value="['tutorials-beginner-1f', 2, 'not run', 0.0]" /></properties>
  <skipped type="pytest.skip" message="not run: block 2 failed">not run</skipped>
</testcase>
<testcase classname="docs.zh.tutorials.beginner.md" name="line-70-source" {FILE} line="69">
  <failure message="docs">docs/zh/tutorials/beginner.md:70: there is no tf2docs.nothing</failure>
</testcase>
<testcase classname="" name="docs.zh.other.md" file="docs/zh/other.md">
  <error message="collection failure">docs/zh/other.md:7: this fence has no end</error>
</testcase>
</testsuite></testsuites>"""  # noqa: E501
VERSIONS = {"python": "3.11.7", "tensorflow": "2.20.0"}
BEGINNER = "tutorials/beginner"


@pytest.fixture
def records(tmp_path):
    (tmp_path / "tutorials").mkdir()
    versions = {"versions": {"python": "3.11.7", "tensorflow": "2.21.0"}}
    (tmp_path / "tutorials" / "beginner.json").write_text(json.dumps(versions))
    return tmp_path


def moved(
    records,
    shown: str,
    came: str,
    kind: str = "output",
    status: str | None = None,
    versions=VERSIONS,
) -> list:
    lines = [f"-{line}" for line in shown.splitlines()] + [f"+{line}" for line in came.splitlines()]
    says = "\n".join(
        ["docs/zh/tutorials/beginner.md:9: the page shows (-), the block printed (+)", *lines]
    )
    trial = judge([Item(BEGINNER, 9, kind, status, says)], versions, [], records)
    assert trial.failed == []
    return trial.moved


def test_an_item_knows_its_page_line_and_kind():
    items = read_report(REPORT, "zh")
    assert [(item.page, item.line, item.kind) for item in items] == [
        (BEGINNER, 1, "page"),
        (BEGINNER, 23, "python"),
        (BEGINNER, 31, "output"),
        (BEGINNER, 44, "python"),
        (BEGINNER, 49, "output"),
        (BEGINNER, 60, "python"),
        (BEGINNER, 70, "source"),
        ("other", 1, "page"),
    ]
    assert [item.status for item in items if item.kind == "python"] == ["ran", "failed", "not run"]
    assert [item.line for item in items if item.says is not None] == [31, 44, 70, 1]


def test_what_raises_fails_and_what_differs_moved(records):
    trial = judge(read_report(REPORT, "zh"), VERSIONS, ["tensorflow==2.20"], records)
    assert (trial.tensorflow, trial.asked, trial.versions) == (
        "2.20",
        ["tensorflow==2.20"],
        VERSIONS,
    )
    assert trial.pages == 2
    assert trial.blocks == {"ran": 1, "failed": 1, "not run": 1, "skipped": 0}
    assert trial.failed == [
        Finding("other", 0, 1, "page", "this fence has no end"),
        Finding(BEGINNER, 0, 70, "source", "there is no tf2docs.nothing"),
        Finding(BEGINNER, 2, 44, "python", "AttributeError: no <fit>"),
    ]
    assert trial.moved == [Finding(BEGINNER, 1, 31, "output", "loss 0.25 → loss 0.5")]


def test_a_block_that_ran_and_prints_something_else_moved(records):
    assert [one.kind for one in moved(records, "a", "b", "python", "ran")] == ["python"]


def test_a_block_that_pytest_could_not_run_fails(records):
    bare = REPORT.replace(
        '<properties><property name="tf2docs/block" value="[\'tutorials-beginner-1f\', 1, '
        "'failed', 2.5]\" />",
        "<properties>",
    )
    assert bare != REPORT
    assert [one.line for one in judge(read_report(bare, "zh"), VERSIONS, [], records).failed] == [
        1,
        70,
        44,
    ]


@pytest.mark.parametrize(
    ("shown", "came"),
    [
        ("TensorFlow 2.21.0", "TensorFlow 2.20.0"),
        ("2.21.0\nand 2.21.0 of 3.11.7", "2.20.0\nand 2.20.0 of 3.11.7"),
    ],
)
def test_a_version_that_a_page_prints_did_not_move(records, shown, came):
    assert moved(records, shown, came) == []


@pytest.mark.parametrize(
    ("shown", "came", "says"),
    [
        ("TensorFlow 2.21.0", "TensorFlow 2.19.0", "TensorFlow 2.21.0 → TensorFlow 2.19.0"),
        ("TensorFlow 2.21.0", "tensorflow 2.20.0", "TensorFlow 2.21.0 → tensorflow 2.20.0"),
        ("2.21.0\nloss 1", "2.20.0\nloss 2", "loss 1 → loss 2"),
        ("2.20.0", "2.21.0", "2.20.0 → 2.21.0"),
        ("one", "", "one → nothing"),
        ("", "one", "nothing → one"),
    ],
)
def test_what_else_differs_moved(records, shown, came, says):
    assert [one.says for one in moved(records, shown, came)] == [says]


def test_a_page_without_a_record_may_move(tmp_path):
    assert len(moved(tmp_path, "2.21.0", "2.20.0")) == 1


@pytest.mark.parametrize(
    ("version", "minor"),
    [("2.20.0", "2.20"), ("2.19.1", "2.19"), ("2.22.0-dev20261120", "nightly"), ("2.9.0", "2.9")],
)
def test_a_trial_is_filed_by_minor_version(tmp_path, version, minor):
    assert judge([], {"tensorflow": version}, [], tmp_path).tensorflow == minor


@pytest.mark.parametrize(
    ("report", "line"),
    [
        ("docs/zh/a.md:9: KeyError: 'b'\n    docs/zh/a.md:11: a['b']\n-1\n+2", "KeyError: 'b'"),
        ("docs/zh/a.md:9: prints something else than recorded (-), now (+)\n-a\n-b\n+c", "a → c"),
        (
            "docs/zh/a.md:9: the page says 97.7%, this run 97.1%",
            "the page says 97.7%, this run 97.1%",
        ),
        (
            "self = <item>\n    def runtest():\n>       run()\nE       OSError: no MNIST\n"
            "E       at all",
            "OSError: no MNIST",
        ),
        ("", ""),
    ],
)
def test_a_report_in_a_line(report, line):
    assert in_a_line(report) == line
