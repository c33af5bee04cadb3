"""A record is what was written, or an error that names its file."""

import hashlib
import json

import pytest

from tf2docs.pages.errors import PageError
from tf2docs.pages.reading.records import (
    Figure,
    KeptFile,
    Record,
    RecordedBlock,
    digest,
    dump_record,
    read_record,
)

RECORD = Record(
    date="2026-11-21",
    device="CPU",
    seconds=1.5,
    versions={"python": "3.11.7", "keras": "3.15.1"},
    data={"numbers": "1 2"},
    blocks=[
        RecordedBlock("0123456789abcdef", "ran", 0.25, ["准确率 97.7 %", "", "b"]),
        RecordedBlock(
            "fedcba9876543210",
            "ran",
            1.25,
            [],
            [Figure("plot", "00", ["axes “”"])],
            {"x": 0.1, "n": 3},
        ),
        RecordedBlock("0000000000000000", "skipped", 0.0, []),
        RecordedBlock("1111111111111111", "ran", 0.1, [], file=KeptFile("weights.f32", "00", 4)),
    ],
)


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "page.json"
        path.write_text(text, encoding="utf-8")
        return read_record(path, "docs/records/page.json")

    return read


def test_a_record_is_read_as_it_was_written(read):
    assert read(dump_record(RECORD)) == RECORD


def test_a_record_written_again_is_the_same_text(read):
    assert dump_record(read(dump_record(RECORD))) == dump_record(RECORD)


def test_a_record_reads_well_in_a_diff():
    text = dump_record(RECORD)
    assert '    "准确率 97.7 %",\n' in text
    assert text.endswith("}\n")


def test_only_a_block_that_keeps_a_file_says_so():
    assert ["file" in block for block in json.loads(dump_record(RECORD))["blocks"]] == [
        False,
        False,
        False,
        True,
    ]


def test_a_block_s_text_is_its_lines():
    assert [block.text for block in RECORD.blocks] == ["准确率 97.7 %\n\nb\n", "", "", ""]


def test_where_there_is_no_file_there_is_no_record(tmp_path):
    assert read_record(tmp_path / "none.json", "none.json") is None


def without(*keys):
    data = json.loads(dump_record(RECORD))
    place = data
    for key in keys[:-1]:
        place = place[key]
    del place[keys[-1]]
    return json.dumps(data)


def with_extra(**extra):
    return json.dumps(json.loads(dump_record(RECORD)) | extra)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("{", 1),
        ('{\n "date": 1,\n}', 3),
        ("[]", 1),
        ("null", 1),
        ('"words"', 1),
        ("{}", 1),
        (without("date"), 1),
        (without("blocks"), 1),
        (without("blocks", 0, "key"), 1),
        (without("blocks", 0, "figures"), 1),
        (without("blocks", 1, "figures", 0, "sha256"), 1),
        (without("blocks", 3, "file", "size"), 1),
        (with_extra(other=1), 1),
        (with_extra(blocks=[1]), 1),
        (with_extra(blocks=None), 1),
        (dump_record(RECORD).replace('"seconds": 1.5,', '"seconds": 1.5'), 5),
    ],
)
def test_a_file_that_is_no_record_is_an_error_with_file_and_line(read, text, line):
    with pytest.raises(PageError) as error:
        read(text)
    (problem,) = error.value.problems
    assert (problem.page, problem.line) == ("docs/records/page.json", line)
    assert problem.message.startswith("this isn't a record (")
    assert problem.message.endswith("write it anew with pytest --refresh")


def test_bytes_that_are_no_text_are_an_error_with_file(tmp_path):
    path = tmp_path / "page.json"
    path.write_bytes(b'{"date": "\xff"}')
    with pytest.raises(PageError, match=r"^p\.json:1: this isn't a record"):
        read_record(path, "p.json")


def test_a_figure_s_digest_is_of_its_bytes():
    assert digest("<svg>甲</svg>") == hashlib.sha256("<svg>甲</svg>".encode()).hexdigest()
