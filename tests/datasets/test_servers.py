"""What a server can do to a download.

The arrays come, or an error that says what came, in time and without a trace.
"""

import gc
import re
import socket
import struct
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from tf2docs.datasets import DatasetNotFoundError, load_mnist

FIRST = "/first/mnist.npz"
PATIENCE = 0.3
WAYS_OUT = ("TF2DOCS_DATA", "TF2DOCS_MIRROR", "HTTPS_PROXY", "load_digits()", "--folder FOLDER")


def raw(*parts: bytes, pause: float = 0.0, again: bool = False):
    """Send these parts as they are, with a pause behind each.

    The last one for ever where `again` is set.
    """

    def answer(handler):
        for part in parts:
            handler.wfile.write(part)
            time.sleep(pause)
        while again:
            handler.wfile.write(parts[-1])
            time.sleep(pause)

    return answer


def then_silent(answer):
    """Answer, and leave the connection open without another word."""

    def silent(handler):
        answer(handler)
        handler.wfile.flush()
        handler.rfile.read(1)  # until the client goes

    return silent


def headers(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def chunked(body: bytes, *, size: int = 10_000, trailer: bytes = b"\r\n") -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return headers("Transfer-Encoding: chunked") + chunks + b"0\r\n" + trailer


CHUNKED = headers("Transfer-Encoding: chunked")
SLOW = 0.02  # seconds: drops come again and again before our patience with a single one ends

# Answers that never end, each in its own way. Each is an endless sequence or a silence at another
# place.
ENDLESS = {
    "accepts and never answers": then_silent(raw()),
    "half a status line": then_silent(raw(b"HTTP/1.1 2")),
    "a status line drop by drop": raw(b"HTTP/1.1 200 ", b"O", pause=SLOW, again=True),
    "a header drop by drop": raw(headers()[:-2] + b"X: ", b"x", pause=SLOW, again=True),
    "headers drop by drop": raw(headers()[:-2], b"X: y\r\n", pause=SLOW, again=True),
    "headers without end, at once": raw(headers()[:-2], b"X: y\r\n" * 1000, again=True),
    "a header without end, at once": raw(headers()[:-2] + b"X: ", b"x" * 100_000, again=True),
    "a header that is never continued": then_silent(raw(headers()[:-2] + b"X: y")),
    "100 Continue without end": raw(headers(status="100 Continue"), again=True),
    "100 Continue now and then": raw(headers(status="100 Continue"), pause=SLOW, again=True),
    "100 Continue with headers without end": raw(
        headers("X: " + "y" * 60_000, status="100 Continue"), again=True
    ),
    "no body": then_silent(raw(headers("Content-Length: 1000"))),
    "no body, of unknown length": then_silent(raw(headers())),
    "a byte now and then": raw(headers("Content-Length: 100000"), b"x", pause=SLOW, again=True),
    "a byte now and then, of unknown length": raw(headers(), b"x", pause=SLOW, again=True),
    "a chunk's size drop by drop": raw(CHUNKED, b"0", pause=SLOW, again=True),
    "a chunk's size that is never continued": then_silent(raw(CHUNKED, b"1")),
    "a chunk's extension drop by drop": raw(CHUNKED + b"5;", b"x", pause=SLOW, again=True),
    "a chunk's extension without end, at once": raw(CHUNKED + b"5;", b"x" * 1000, again=True),
    "extensions of chunks without end": raw(
        CHUNKED, b"1;" + b"x" * 60_000 + b"\r\n?\r\n", pause=SLOW, again=True
    ),
    "a chunk that never comes": then_silent(raw(CHUNKED + b"400\r\n")),
    "a chunk drop by drop": raw(CHUNKED + b"fffff\r\n", b"x", pause=SLOW, again=True),
    "chunks of one byte now and then": raw(CHUNKED, b"1\r\nx\r\n", pause=SLOW, again=True),
    "trailers without end": raw(CHUNKED + b"0\r\n", b"X: y\r\n" * 100, again=True),
    "trailers drop by drop": raw(CHUNKED + b"0\r\n", b"X", pause=SLOW, again=True),
    "trailers now and then": raw(CHUNKED + b"0\r\n", b"X: y\r\n", pause=SLOW, again=True),
    "a trailer that never comes": then_silent(raw(CHUNKED + b"0\r\n")),
    "a redirect's body without end": raw(
        headers("Location: /gone", status="302 Found"), bytes(1 << 16), again=True
    ),
    "a redirect that announces 40 GB": then_silent(
        raw(
            headers(
                "Location: /gone", f"Content-Length: {40 << 30}", status="301 Moved Permanently"
            )
        )
    ),
    "a redirect's body drop by drop": raw(
        headers("Location: /gone", status="307 x"), b"x", pause=SLOW, again=True
    ),
    "a redirect to itself with a body without end": raw(
        headers(f"Location: {FIRST}", "Content-Length: 99999999999", status="308 x"),
        bytes(1 << 16),
        again=True,
    ),
    "an error's body without end": raw(headers(status="503 Down"), bytes(1 << 16), again=True),
    "an error that announces 40 GB": then_silent(
        raw(headers(f"Content-Length: {40 << 30}", status="404 Not Found"))
    ),
    "401 with a body without end": raw(
        headers("WWW-Authenticate: Basic", status="401 Who"), bytes(1 << 16), again=True
    ),
    "bytes without end": raw(headers(), bytes(1 << 16), again=True),
    "chunks without end": raw(CHUNKED, b"10000\r\n" + bytes(1 << 16) + b"\r\n", again=True),
    "more than announced": raw(headers("Content-Length: 1000"), bytes(1 << 16), again=True),
    "what isn't HTTP, without end": raw(b"SSH-2.0-OpenSSH_9.6\r\n", bytes(1 << 16), again=True),
    "noughts without end": raw(bytes(1 << 16), again=True),
    "line ends without end": raw(b"\r\n" * 1000, again=True),
}


@pytest.fixture
def traceless(server):
    """A test that leaves a thread, an open file or socket, or much memory fails."""
    with pytest.raises(DatasetNotFoundError):  # what is imported or made once
        load_mnist()
    gc.collect()
    threads, files = our_threads(), open_files()
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
    assert our_threads() <= threads
    assert settled(open_files, files)


def our_threads() -> set[threading.Thread]:
    """All but those of the server, which answers each request in a thread of its own."""
    return {
        thread for thread in threading.enumerate() if "process_request_thread" not in thread.name
    }


def open_files() -> int:
    return len([*Path("/proc/self/fd").glob("*")])


def settled(measure, most) -> bool:
    for _ in range(100):
        if measure() <= most:
            return True
        time.sleep(0.02)
    return False


def failure(server) -> str:
    """The line of the message that says why the first mirror didn't do.

    The message names the ways out.
    """
    began = time.monotonic()
    with pytest.raises(DatasetNotFoundError) as caught:
        load_mnist()
    assert time.monotonic() - began < 20 * PATIENCE
    message = str(caught.value)
    assert all(way_out in message for way_out in WAYS_OUT)
    return message.partition(f"{server.base}{FIRST}\n")[2].splitlines()[0].strip()


@pytest.mark.parametrize("fault", ENDLESS)
def test_what_never_ends_is_given_up_without_a_trace(fault, server, hurry, left, traceless):
    server.answers[FIRST] = ENDLESS[fault]
    assert failure(server)
    assert [name for name in left() if ".part" not in name] == []


# Answers that end, and are wrong, or only unusual. `None` is for those that are the file
# nevertheless.


def redirect(target: str, code: int = 302):
    return raw(headers(f"Location: {target}", "Content-Length: 0", status=f"{code} x"))


def whole(body: bytes, *lines: str) -> bytes:
    return headers(f"Content-Length: {len(body)}", *lines) + body


ODD = {
    "a file without a length": (lambda npz: raw(headers() + npz), None),
    "in HTTP 1.0": (lambda npz: raw(b"HTTP/1.0 200 OK\r\n\r\n" + npz), None),
    "without a reason": (lambda npz: raw(b"HTTP/1.1 200\r\n\r\n" + npz), None),
    "line ends of Unix": (lambda npz: raw(b"HTTP/1.1 200 OK\nX: y\n\n" + npz), None),
    "chunks": (lambda npz: raw(chunked(npz)), None),
    "chunks of 7 bytes": (lambda npz: raw(chunked(npz, size=7)), None),
    "chunks with trailers": (lambda npz: raw(chunked(npz, trailer=b"X: y\r\n\r\n")), None),
    "chunks without an end": (lambda npz: raw(chunked(npz)[:-5]), "then the connection ended"),
    "a chunk cut short": (
        lambda npz: raw(chunked(npz)[:5000]),
        "bytes came, then the connection ended",
    ),
    "chunks of no size": (lambda npz: raw(CHUNKED + b"size\r\n"), "connection ended"),
    "chunks of a negative size": (lambda npz: raw(CHUNKED + b"-5\r\nxxxxx\r\n0\r\n\r\n"), "."),
    "a chunk of 2**64 bytes": (
        lambda npz: raw(CHUNKED + b"ffffffffffffffffff\r\n" + npz),
        "then the connection ended",
    ),
    "100 Continue before it": (lambda npz: raw(headers(status="100 Continue") + whole(npz)), None),
    "more than it says": (lambda npz: raw(whole(npz) + b"more"), None),
    "a length that is no number": (lambda npz: raw(headers("Content-Length: many") + npz), None),
    "a negative length": (lambda npz: raw(headers("Content-Length: -1") + npz), None),
    "a length of 5000 digits": (
        lambda npz: raw(headers("Content-Length: " + "9" * 5000) + npz),
        None,
    ),
    "a length of 40 GB": (
        lambda npz: raw(headers(f"Content-Length: {40 << 30}") + npz),
        "it would send 42,949,672,960",
    ),
    "a length of a byte less": (
        lambda npz: raw(headers(f"Content-Length: {len(npz) - 1}") + npz),
        "not a whole .npz",
    ),
    "a length of a byte more": (
        lambda npz: raw(headers(f"Content-Length: {len(npz) + 1}") + npz),
        "then the connection",
    ),
    "a length of nought": (
        lambda npz: raw(headers("Content-Length: 0") + npz),
        "0 bytes that are not",
    ),
    "two lengths": (
        lambda npz: raw(headers("Content-Length: 5", f"Content-Length: {len(npz)}") + npz),
        "5 bytes",
    ),
    "chunks and a length": (
        lambda npz: raw(chunked(npz).replace(b"\r\n", b"\r\nContent-Length: 5\r\n", 1)),
        None,
    ),
    "99 headers": (lambda npz: raw(whole(npz, *["X: y"] * 98)), None),
    "1000 headers": (lambda npz: raw(whole(npz, *["X: y"] * 1000)), "more than 100 headers"),
    "a header of a megabyte": (lambda npz: raw(whole(npz, "X: " + "y" * (1 << 20))), "LineTooLong"),
    "a header without a name": (lambda npz: raw(whole(npz, "nonsense")), None),
    "a header of bytes": (lambda npz: raw(whole(npz, "X: \u00ff")), None),
    "a packed body": (
        lambda npz: raw(whole(npz, "Content-Encoding: gzip")),
        r"packs the file \(gzip\)",
    ),
    "a body in brotli": (
        lambda npz: raw(whole(npz, "Content-Encoding: br")),
        r"packs the file \(br\)",
    ),
    "an encoding that changes nothing": (
        lambda npz: raw(whole(npz, "Content-Encoding: identity")),
        None,
    ),
    "another kind of file": (
        lambda npz: raw(whole(npz, "Content-Type: text/html; charset=klingon")),
        None,
    ),
    "103 Early Hints": (
        lambda npz: raw(headers(status="103 Early Hints") + whole(npz)),
        "HTTP Error 103",
    ),
    "101 Switching Protocols": (
        lambda npz: raw(headers(status="101 Switching Protocols")),
        "HTTP Error 101",
    ),
    "201": (lambda npz: raw(headers("Content-Length: 0", status="201 Created")), "status 201"),
    "203": (lambda npz: raw(headers("Content-Length: 0", status="203 Other")), "status 203"),
    "304": (lambda npz: raw(headers(status="304 Not Modified")), "HTTP Error 304"),
    "401": (lambda npz: raw(headers(status="401 Who")), "HTTP Error 401"),
    "418": (lambda npz: raw(headers(status="418 Teapot")), "HTTP Error 418"),
    "429": (
        lambda npz: raw(headers("Retry-After: 99999", status="429 Slow down")),
        "HTTP Error 429",
    ),
    "999": (lambda npz: raw(headers(status="999 Blocked")), "HTTP Error 999"),
    "status 20": (lambda npz: raw(headers(status="20 Hm")), "BadStatusLine"),
    "no status": (lambda npz: raw(headers(status="fine")), "BadStatusLine"),
    "a file and nothing else": (lambda npz: raw(npz), "BadStatusLine"),
    "nothing at all": (lambda npz: raw(), "without response|reset by peer"),
    "control characters": (
        lambda npz: raw(headers(status="500 \x1b[2J\x07\u009b")),
        r"HTTP Error 500: \\x1b\[2J",
    ),
    "a reason of a megabyte": (
        lambda npz: raw(headers(status="500 " + "x" * 60_000)),
        r"HTTP Error 500: x{200,300}\.\.\.",
    ),
    "a redirect to nowhere": (lambda npz: raw(headers(status="302 Found")), "HTTP Error 302"),
    "a redirect to nothing": (lambda npz: redirect(""), "infinite loop"),
    "a redirect to a file": (lambda npz: redirect("file:///etc/passwd"), "HTTP Error 302"),
    "a redirect to ftp": (lambda npz: redirect("ftp://127.0.0.1/x"), "no address of the web"),
    "a redirect to data": (lambda npz: redirect("data:text/plain,x"), "HTTP Error 302"),
    "a redirect to half an address": (
        lambda npz: redirect("http://[::1/x"),
        "Invalid IPv6|no address of the web",
    ),
    "a redirect to no host": (lambda npz: redirect("http:///x"), "HTTP Error 404"),
    "a redirect to no port": (lambda npz: redirect("http://host:port/x"), "no address of the web"),
    "a redirect with spaces": (
        lambda npz: redirect("/a b\x00c"),
        "HTTP Error 404|control characters",
    ),
    "a redirect of 60 kB": (
        lambda npz: redirect("/" + "x" * 60_000),
        "HTTP Error 414|HTTP Error 404",
    ),
    "a redirect that isn't ASCII": (lambda npz: redirect("/\u00ff"), "HTTP Error 404"),
    "a redirect in a loop": (lambda npz: redirect(FIRST, 307), "infinite loop"),
    "a redirect for POST": (lambda npz: redirect("/elsewhere", 303), None),
    "a redirect for ever": (lambda npz: redirect("/elsewhere", 301), None),
    "a redirect for now": (lambda npz: redirect("/elsewhere", 307), None),
    "a choice": (lambda npz: raw(headers(status="300 Choose")), "HTTP Error 300"),
    "another file": (
        lambda npz: raw(whole(b"PK" + npz[5:])),
        "SHA-256|damaged|not a whole|no array",
    ),
    "bytes out of order": (lambda npz: raw(whole(npz[5000:] + npz[:5000])), "not a whole|damaged"),
}


@pytest.mark.parametrize("fault", ODD)
def test_an_odd_answer_is_the_file_or_an_error_that_says_what_came(
    fault, server, npz, published, hurry, left
):
    make, said = ODD[fault]
    server.answers["/elsewhere"] = server.whole(npz)
    server.answers[FIRST] = make(npz)
    if said is None:
        assert published.same(load_mnist())
        assert left() == ["mnist.npz"]
    else:
        assert re.search(said, failure(server))
        assert [name for name in left() if ".part" not in name] == []


# Answers to a request for the rest. Whatever they are, the file comes in the same call, if need be
# from its beginning


HAVE = 20_000  # bytes that an earlier run left


def part(
    npz: bytes, *lines: str, start: int = HAVE, end: int | None = None, body: bytes | None = None
) -> bytes:
    """The answer with a part of the file, which may say one thing and be another."""
    end = len(npz) if end is None else end
    body = npz[start:end] if body is None else body
    range_ = f"Content-Range: bytes {start}-{end - 1}/{len(npz)}"
    return (
        headers(range_, f"Content-Length: {len(body)}", *lines, status="206 Partial Content") + body
    )


def plain_part(*lines: str, body: bytes) -> bytes:
    return headers(f"Content-Length: {len(body)}", *lines, status="206 Partial Content") + body


RANGED = {
    f"status {code}": lambda npz, code=code: raw(headers("Content-Length: 0", status=f"{code} x"))
    for code in (
        201,
        204,
        205,
        300,
        304,
        400,
        401,
        403,
        404,
        405,
        406,
        409,
        410,
        412,
        413,
        416,
        417,
        418,
        429,
        500,
    )
}
RANGED |= {
    f"status {code}": lambda npz, code=code: raw(headers("Content-Length: 0", status=f"{code} x"))
    for code in (501, 502, 503, 504, 505, 999)
}
RANGED |= {
    "416 with the size": lambda npz: raw(
        headers(f"Content-Range: bytes */{len(npz)}", status="416 x")
    ),
    "the whole file": lambda npz: raw(whole(npz)),
    "the whole file in chunks": lambda npz: raw(chunked(npz)),
    "the whole file as a part": lambda npz: raw(part(npz, start=0)),
    "the whole file under the name of the part": lambda npz: raw(part(npz, body=npz)),
    "the part": lambda npz: raw(part(npz)),
    "the part with the same tag": lambda npz: raw(part(npz, 'ETag: "v1"')),
    "the part with another tag": lambda npz: raw(
        part(npz, 'ETag: "v2"', body=bytes(len(npz) - HAVE))
    ),
    "the part of a file that changed": lambda npz: raw(part(npz, body=bytes(len(npz) - HAVE))),
    "the part of a file that was modified": lambda npz: raw(
        part(npz, "Last-Modified: now", body=b"x")
    ),
    "the part without a size": lambda npz: raw(part(npz).replace(b"/%d" % len(npz), b"/*")),
    "the part with a size of 5000 digits": lambda npz: raw(
        part(npz).replace(b"/%d" % len(npz), b"/" + b"9" * 5000)
    ),
    "the part of a larger file": lambda npz: raw(
        part(npz).replace(b"/%d" % len(npz), b"/%d" % (40 << 30))
    ),
    "the part of a smaller file": lambda npz: raw(part(npz).replace(b"/%d" % len(npz), b"/5")),
    "an earlier part": lambda npz: raw(part(npz, start=HAVE - 1)),
    "a later part": lambda npz: raw(part(npz, start=HAVE + 1)),
    "the part without Content-Range": lambda npz: raw(plain_part(body=npz[HAVE:])),
    "the part in other units": lambda npz: raw(part(npz).replace(b"bytes ", b"pages ")),
    "a range that is none": lambda npz: raw(plain_part("Content-Range: none", body=npz[HAVE:])),
    "a negative range": lambda npz: raw(
        plain_part("Content-Range: bytes -5--1/5", body=npz[HAVE:])
    ),
    "several parts": lambda npz: raw(
        plain_part(
            "Content-Type: multipart/byteranges; boundary=x",
            body=b"--x\r\n\r\n" + npz[HAVE:] + b"\r\n--x--",
        )
    ),
    "half of the part": lambda npz: raw(part(npz, end=HAVE + 5000)),
    "nothing of the part": lambda npz: raw(part(npz, body=b"")),
    "nothing of the part, although announced": lambda npz: raw(
        part(npz).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    ),
    "more than the part": lambda npz: raw(part(npz, body=npz[HAVE:] + b"more")),
    "the part in chunks": lambda npz: raw(chunked_part(npz, npz[HAVE:])),
    "more than the part, in chunks": lambda npz: raw(chunked_part(npz, npz[HAVE:] + b"more")),
    "the part without end": lambda npz: raw(
        chunked_part(npz, npz)[:-5], b"10000\r\n" + bytes(1 << 16) + b"\r\n", again=True
    ),
    "the part, packed": lambda npz: raw(part(npz, "Content-Encoding: gzip")),
    "a web page": lambda npz: raw(whole(b"<!DOCTYPE html>")),
    "a web page as the part": lambda npz: raw(part(npz, body=b"<!DOCTYPE html>" * 100)),
    "no answer": lambda npz: then_silent(raw()),
    "no body": lambda npz: then_silent(raw(part(npz).partition(b"\r\n\r\n")[0] + b"\r\n\r\n")),
    "a byte now and then": lambda npz: raw(
        part(npz).partition(b"\r\n\r\n")[0] + b"\r\n\r\n", b"x", pause=SLOW, again=True
    ),
    "no HTTP": lambda npz: raw(b"\x15\x03\x01\x00\x02\x02P"),
    "a hang-up": lambda npz: raw(),
    "a reset": lambda npz: reset,
    "a redirect to nowhere": lambda npz: redirect("/gone"),
    "a redirect in a loop": lambda npz: redirect(FIRST),
    "a redirect to the file": lambda npz: redirect("/elsewhere"),
    "a redirect to a file of this machine": lambda npz: redirect("file:///etc/passwd"),
}


def chunked_part(npz: bytes, body: bytes) -> bytes:
    begin, _, chunks = chunked(body).partition(b"\r\n\r\n")
    status = headers(
        f"Content-Range: bytes {HAVE}-{len(npz) - 1}/{len(npz)}", status="206 Partial Content"
    )
    return status[:-2] + begin.partition(b"\r\n")[2] + b"\r\n\r\n" + chunks


def reset(handler) -> None:
    """End the connection as a broken machine does."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


@pytest.mark.parametrize("when", ["in the same call", "in a later call"])
@pytest.mark.parametrize("fault", RANGED)
def test_a_rest_that_can_not_be_had_is_no_reason_to_go_without_the_file(
    fault, when, server, npz, published, hurry, left
):
    odd, cut = RANGED[fault](npz), server.cut(npz, HAVE)
    server.answers["/elsewhere"] = server.whole(npz)

    def answer(handler):
        (odd if handler.headers.get("Range") else server.whole(npz))(handler)

    if when == "in a later call":
        server.answers[FIRST] = server.in_turn(cut, server.status(503))
        failure(server)
        assert left() == ["mnist.npz.part", "mnist.npz.part.json"]
        server.answers[FIRST] = answer
    else:
        server.answers[FIRST] = server.in_turn(cut, answer)
    assert published.same(load_mnist())
    assert left() == ["mnist.npz"]


@pytest.mark.parametrize(
    "fault", ["status 400", "status 503", "no answer", "several parts", "a hang-up"]
)
def test_what_came_is_not_thrown_away_for_a_server_that_is_down(
    fault, server, npz, published, hurry, left, own_cache
):
    server.answers[FIRST] = server.in_turn(
        server.cut(npz, HAVE), RANGED[fault](npz), server.status(503)
    )
    failure(server)
    assert (own_cache / "mnist.npz.part").read_bytes() == npz[:HAVE]
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert server.ranges[-1] == f"bytes={HAVE}-"
