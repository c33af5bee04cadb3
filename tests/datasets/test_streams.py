"""What shows a download may break, or speak ASCII alone: the data come all the same."""

import errno
import io
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tf2docs.datasets import StandInWarning, load_mnist
from tf2docs.datasets.__main__ import main

FIRST = "/first/mnist.npz"


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Lost(Terminal):
    """A terminal that is lost after some writes."""

    def __init__(self, error, after):
        super().__init__()
        self._error, self._left = error, after

    def write(self, text):
        self._left -= 1
        if self._left < 0:
            raise self._error
        return super().write(text)


class Unflushable(Terminal):
    def flush(self):
        raise OSError(errno.EIO, "Input/output error")


class Unsure(io.StringIO):
    def isatty(self):
        raise ValueError("I/O operation on closed file")


class Bare:
    """What some windows put in the stream's place."""

    def write(self, text):
        return len(text)


class Mute:
    """A stream that is none."""


def closed():
    stream = Terminal()
    stream.close()
    return stream


def closed_file():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    stream.close()
    return stream


def closed_descriptor():
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    stream.isatty = lambda: True
    return stream


class Notebook(io.StringIO):
    __module__ = "ipykernel.iostream"


STREAMS = {
    "none": lambda: None,
    "closed": closed,
    "a closed file": closed_file,
    "a pipe that nobody reads": closed_descriptor,
    "without isatty": Bare,
    "without anything": Mute,
    "an object": object,
    "with an isatty that fails": Unsure,
    "lost at once": lambda: Lost(OSError(errno.EIO, "Input/output error"), 0),
    "lost midway": lambda: Lost(OSError(errno.EIO, "Input/output error"), 3),
    "a broken pipe": lambda: Lost(BrokenPipeError(errno.EPIPE, "Broken pipe"), 1),
    "closed midway": lambda: Lost(ValueError("I/O operation on closed file"), 2),
    "blocked": lambda: Lost(BlockingIOError(errno.EAGAIN, "would block"), 1),
    "without the characters": lambda: Lost(
        UnicodeEncodeError("ascii", "数", 0, 1, "ordinal not in range"), 1
    ),
    "that can't be flushed": Unflushable,
    "of a notebook": Notebook,
    "a terminal": Terminal,
}


@pytest.mark.parametrize("stream", STREAMS)
def test_no_stream_ends_a_download(stream, server, npz, published, monkeypatch, left):
    monkeypatch.setattr("tf2docs.datasets.progress._BETWEEN", 0.0)
    monkeypatch.setattr("tf2docs.datasets.fetching._PIECE", 5_000)
    server.answers[FIRST] = server.in_turn(server.cut(npz, 20_000), server.whole(npz))
    monkeypatch.setattr("sys.stderr", STREAMS[stream]())
    assert published.same(load_mnist())
    assert left() == ["mnist.npz"]
    monkeypatch.undo()


@pytest.mark.parametrize("stream", STREAMS)
def test_no_stream_turns_a_remark_into_an_error(
    stream, server, npz, published, monkeypatch, own_cache
):
    own_cache.parent.mkdir(parents=True)
    own_cache.write_bytes(b"a file stands here")
    server.answers[FIRST] = server.whole(npz)
    monkeypatch.setattr(
        "warnings.showwarning", lambda message, *rest: sys.stderr.write(str(message))
    )
    monkeypatch.setattr("sys.stderr", STREAMS[stream]())
    assert published.same(load_mnist())
    monkeypatch.undo()


@pytest.mark.parametrize("stream", STREAMS)
def test_no_stream_ends_the_command(stream, server, npz, own_cache, monkeypatch):
    server.answers[FIRST] = server.whole(npz)
    monkeypatch.setattr("sys.stderr", STREAMS[stream]())
    monkeypatch.setattr("sys.stdout", STREAMS[stream]())
    status = main(["mnist"]), main(["fashion_mnist"]), main([])
    monkeypatch.undo()
    assert status == (0, 1, 0)
    assert (own_cache / "mnist.npz").read_bytes() == npz


def test_a_remark_is_an_error_where_the_reader_wants_that(published, keras_cache, own_cache):
    own_cache.mkdir(parents=True)
    keras_cache.mkdir(parents=True)
    (keras_cache / "mnist.npz").write_bytes(b"half a file")
    published.save_npz(own_cache)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="passed over"):
            load_mnist()


def test_a_stand_in_is_still_said_aloud(home, published, monkeypatch):
    published.save_npz(home, stand_in="noughts")
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.warns(StandInWarning) as seen:
        load_mnist()
    assert seen[0].filename == __file__


# The command, in terminals of all kinds


def command(
    home: Path, *arguments: str, ending: str = "", **environment: str
) -> subprocess.CompletedProcess:
    """Run the command as a shell does, the data lying in a folder with a Chinese name."""
    line = " ".join(
        [sys.executable, "-m", "tf2docs.datasets", *(f"'{one}'" for one in arguments), ending]
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHON"))
    }
    return subprocess.run(
        ["sh", "-c", line],
        capture_output=True,
        timeout=60,
        cwd=home,
        env=kept | environment,
        check=False,
    )


@pytest.fixture
def digits(home) -> Path:
    from tf2docs.datasets import save_stand_in

    save_stand_in(home / "数据")
    return home / "数据"


ENVIRONMENTS = (
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "ascii:strict"},
    {"PYTHONIOENCODING": "gbk"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "utf-16"},
    {"LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "POSIX"},
    {"LANG": "zh_CN.GB18030"},
    {},
)


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=str)
def test_a_chinese_folder_is_shown_in_every_terminal(environment, home, digits):
    for arguments, status in (([], 0), (["mnist", "--folder", "磁盘"], 1)):
        done = command(home, *arguments, TF2DOCS_DATA=str(digits), **environment)
        assert (done.returncode, b"Traceback" in done.stderr) == (status, False), (
            done.stderr.decode()
        )


ENDINGS = {
    "no output": (">&-", 0),
    "no errors": ("2>&-", 0),
    "neither": (">&- 2>&-", 0),
    "nor input": ("<&- >&- 2>&-", 0),
    "a full disk": (">/dev/full", 0),
    "a reader of a line": ("| head -1", 0),
    "no reader": ("| true", 0),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_command_without_listeners_ends_quietly(ending, home, digits):
    how, status = ENDINGS[ending]
    done = command(home, ending=how, TF2DOCS_DATA=str(digits))
    assert done.returncode == status
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr
