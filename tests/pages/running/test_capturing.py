"""What is caught of what a process writes, and how a terminal would show it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tf2docs.pages.running.capturing import show_as_terminal

ROOT = Path(__file__).parents[3]
CASES = {  # code: what came on standard output and on standard error
    "print('a')": ("a\n", ""),
    "print('e', file=sys.stderr)": ("", "e\n"),
    "print('no newline', end='')": ("no newline\n", ""),
    "pass": ("", ""),
    "print()": ("", ""),
    "os.write(1, b'raw')": ("raw\n", ""),
    "os.write(2, b'raw')": ("", "raw\n"),
    "print('a'); os.write(1, b'b\\n'); print('c')": ("a\nb\nc\n", ""),
    "subprocess.run(['sh', '-c', 'echo out; echo err >&2'], check=True)": ("out\n", "err\n"),
    "ctypes.CDLL(None).puts(b'from C')": ("from C\n", ""),
    "print('准确率 97.7% 😀')": ("准确率 97.7% 😀\n", ""),
    "print('a\\ud800b')": ("a\\ud800b\n", ""),
    "os.write(1, b'a\\xffb\\n')": ("a\ufffdb\n", ""),
    "print('1/2\\r2/2')": ("2/2\n", ""),
    "print('\\x1b[1mbold\\x1b[0m')": ("bold\n", ""),
    "print('x' * 20_000)": ("x" * 20_000 + "\n", ""),
    "os.write(1, b'a\\0b\\n')": ("ab\n", ""),
    "os.close(1); os.close(2)": ("", ""),
    "print('behind what was closed')": ("behind what was closed\n", ""),
    "print('  a\\n\\n\\n')": ("  a\n", ""),
}
SCRIPT = """
import ctypes, json, os, subprocess, sys
from pathlib import Path
from tf2docs.pages.running.capturing import Capture
answer = os.dup(1)
capture, taken = Capture(Path(sys.argv[2])), []
for code in json.loads(sys.argv[1]):
    capture.begin()
    exec(code)
    caught = capture.take()
    taken.append((caught.printed, caught.errors))
with open(answer, "w", encoding="utf-8") as file:
    json.dump(taken, file)
"""


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    command = [
        sys.executable,
        "-c",
        SCRIPT,
        json.dumps(list(CASES)),
        tmp_path_factory.mktemp("streams"),
    ]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(command, cwd=ROOT, env=buffered, capture_output=True, check=True)
    assert done.stderr == b""
    return dict(zip(CASES, map(tuple, json.loads(done.stdout)), strict=True))


@pytest.mark.parametrize(("code", "came"), CASES.items(), ids=list(CASES))
def test_everything_written_since_the_last_time_is_caught(taken, code, came):
    assert taken[code] == came


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("\n\n", ""),
        ("  \n", ""),
        ("a", "a\n"),
        ("a\n\nb\n\n", "a\n\nb\n"),
        ("\n\n  a\n", "  a\n"),
        ("a   \nb\t\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("step 1/2\rstep 2/2\n", "step 2/2\n"),
        ("longer\rab\n", "abnger\n"),
        ("one\rtwo\nthree\rfour\n", "two\nfoure\n"),
        ("a\r", "a\n"),
        ("abc\b\bX\n", "aXc\n"),
        ("\b\ba\n", "a\n"),
        ("1/2\b\b\b2/2\n", "2/2\n"),
        ("\x1b[31mred\x1b[0m \x1b[1;32mgreen\x1b[m\n", "red green\n"),
        ("\x1b[?25lhidden\x1b[?25h\x1b[K\n", "hidden\n"),
        ("甲乙\r丙\n", "丙乙\n"),
    ],
)
def test_a_text_is_shown_as_a_terminal_does(text, shown):
    assert show_as_terminal(text) == shown


def test_a_progress_bar_leaves_its_last_state():
    bar = "".join(
        f"\r\x1b[1m{step}/5\x1b[0m {'━' * step}{' ' * (5 - step)} loss: {1 / step:.2f}"
        for step in range(1, 6)
    )
    assert show_as_terminal(f"{bar}\nEpoch 2\n") == "5/5 ━━━━━ loss: 0.20\nEpoch 2\n"
