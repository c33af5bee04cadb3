"""What lies where a download keeps its bytes.

An earlier run, an accident or malice put it there.
"""

import contextlib
import json
import os
import socket
import sys

import pytest

from tf2docs.datasets import load_mnist

FIRST = "/first/mnist.npz"
HAVE = 20_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")


@pytest.fixture
def precious(home):
    """A file of the reader's that no download may touch."""
    path = home / "thesis.txt"
    path.write_text("three years of work")
    yield path
    assert path.read_text() == "three years of work"
    assert path.stat().st_mode & 0o777 == 0o644


def folder(path, npz, precious):
    path.mkdir()


def full_folder(path, npz, precious):
    path.mkdir()
    (path / "kept").write_text("by somebody")


def link(path, npz, precious):
    path.symlink_to(precious)


def hard_link(path, npz, precious):
    path.hardlink_to(precious)


def broken_link(path, npz, precious):
    path.symlink_to(path.parent / "nowhere" / "x")


def loop(path, npz, precious):
    path.symlink_to(path)


def link_to_device(path, npz, precious):
    path.symlink_to("/dev/zero")


def link_to_folder(path, npz, precious):
    path.symlink_to(precious.parent)


def pipe(path, npz, precious):
    os.mkfifo(path)


def bound_socket(path, npz, precious):
    # its path may not be long
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)


def huge(path, npz, precious):
    with path.open("wb") as file:
        file.truncate(1 << 40)


def unreadable(path, npz, precious):
    path.write_bytes(npz[:HAVE])
    path.chmod(0)


def read_only(path, npz, precious):
    path.write_bytes(npz[:HAVE])
    path.chmod(0o444)


def holding(data):
    def put(path, npz, precious):
        path.write_bytes(data(npz) if callable(data) else data)

    return put


KINDS = {
    "a folder": folder,
    "a folder that holds something": full_folder,
    "a link": link,
    "a hard link": hard_link,
    "a broken link": broken_link,
    "a loop of links": loop,
    "a link to /dev/zero": link_to_device,
    "a link to a folder": link_to_folder,
    "a pipe": pipe,
    "a socket": bound_socket,
    "a terabyte": huge,
    "unreadable": unreadable,
    "read-only": read_only,
    "empty": holding(b""),
    "noughts": holding(bytes(HAVE)),
    "random": holding(os.urandom(HAVE)),
    "a byte": holding(b"x"),
    "the whole file": holding(lambda npz: npz),
    "more than the file": holding(lambda npz: npz + b"more"),
    "more than the limit": holding(bytes(3 << 20)),
    "another file's beginning": holding(lambda npz: npz[1000 : 1000 + HAVE]),
    "a web page": holding(b"<html>"),
}

NOTES = {
    "nothing": b"",
    "no JSON": b"{",
    "noughts": bytes(500),
    "no UTF-8": b'["\xff", "\xfe"]',
    "a number": b"5",
    "null": b"null",
    "one of two": b'["ADDRESS"]',
    "three of two": b'["ADDRESS", "\\"v1\\"", 3]',
    "an object": b'{"ADDRESS": 1, "\\"v1\\"": 2}',
    "numbers": b'["ADDRESS", 5]',
    "a list": b'["ADDRESS", ["\\"v1\\""]]',
    "another address": b'["http://elsewhere/mnist.npz", "\\"v1\\""]',
    "another validator": b'["ADDRESS", "\\"v0\\""]',
    "a weak validator": b'["ADDRESS", "W/\\"v1\\""]',
    "line ends in the validator": b'["ADDRESS", "x\\r\\nX-Evil: 1\\r\\n\\r\\n"]',
    "characters that no header can hold": '["ADDRESS", "数据"]'.encode(),
    "half a character": b'["ADDRESS", "\\ud800"]',
    "a nought": b'["ADDRESS", "\\u0000"]',
    "a validator of a megabyte": b'["ADDRESS", "' + b"x" * (1 << 20) + b'"]',
    "brackets without end": b"[" * 100_000,
    "a number of 5000 digits": b"[" + b"9" * 5000 + b", 1]",
    "a good note": b'["ADDRESS", "\\"v1\\""]',
}


def note_of(server, note: bytes) -> bytes:
    return note.replace(b"ADDRESS", f"{server.base}{FIRST}".encode())


def recovers(published, server, npz, own_cache, left, others=0) -> None:
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert (own_cache / "mnist.npz").read_bytes() == npz
    assert not (own_cache / "mnist.npz").is_symlink()
    assert not os.path.lexists(own_cache / "mnist.npz.part")
    assert not os.path.lexists(own_cache / "mnist.npz.part.json")
    assert len(left()) == 1 + others
    server.asked.clear()
    assert published.same(load_mnist())
    assert server.asked == []


@pytest.mark.parametrize("noted", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_bears_the_name_of_the_bytes_is_no_trap(
    kind, noted, published, server, npz, own_cache, left, precious, hurry
):
    own_cache.mkdir(parents=True)
    KINDS[kind](own_cache / "mnist.npz.part", npz, precious)
    if noted:
        (own_cache / "mnist.npz.part.json").write_text(
            json.dumps([f"{server.base}{FIRST}", '"v1"'])
        )
    recovers(
        published, server, npz, own_cache, left, others=kind == "a folder that holds something"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_bears_the_name_of_the_note_is_no_trap(
    kind, published, server, npz, own_cache, left, precious, hurry
):
    own_cache.mkdir(parents=True)
    (own_cache / "mnist.npz.part").write_bytes(npz[:HAVE])
    KINDS[kind](own_cache / "mnist.npz.part.json", npz, precious)
    recovers(
        published, server, npz, own_cache, left, others=kind == "a folder that holds something"
    )


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("begun", [b"PK\3\4", b"<html>"])
def test_whatever_a_note_says_the_file_comes(note, begun, published, server, npz, own_cache, left):
    own_cache.mkdir(parents=True)
    (own_cache / "mnist.npz.part").write_bytes(begun + npz[len(begun) : HAVE])
    (own_cache / "mnist.npz.part.json").write_bytes(note_of(server, NOTES[note]))
    recovers(published, server, npz, own_cache, left)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_bears_the_name_of_the_lock_is_no_trap(
    kind, published, server, npz, own_cache, left, precious
):
    own_cache.mkdir(parents=True)
    KINDS[kind](own_cache / "mnist.lock", npz, precious)
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert (own_cache / "mnist.npz").read_bytes() == npz


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_bears_the_name_of_the_file_is_no_trap(
    kind, published, server, npz, own_cache, precious, recwarn
):
    own_cache.mkdir(parents=True)
    KINDS[kind](own_cache / "mnist.npz", npz, precious)
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    if "folder" not in kind:
        server.asked.clear()
        assert published.same(load_mnist())
        assert server.asked == []
