"""What a network can do to a download. In every case.

The right arrays, or an error that helps, and nothing broken.
"""

import socket
import threading
import time
import warnings

import pytest

from tf2docs.datasets import DatasetNotFoundError, fetching, load_fashion_mnist, load_mnist
from tf2docs.datasets.searching import find

FIRST, SECOND = "/first/mnist.npz", "/second"


@pytest.fixture
def second_is_good(server, published):
    """The second mirror has all four files."""
    files = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    names = ("x_train", "y_train", "x_test", "y_test")
    server.offer(
        SECOND,
        {f"{file}-ubyte.gz": published.idx(name) for file, name in zip(files, names, strict=True)},
    )


def failure(load=load_mnist) -> str:
    """The message where nothing helps. It names what was tried and the ways out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DatasetNotFoundError) as caught:
            load()
    message = str(caught.value)
    assert isinstance(caught.value, FileNotFoundError)
    for way_out in (
        "TF2DOCS_DATA",
        "TF2DOCS_MIRROR",
        "HTTPS_PROXY",
        "load_digits()",
        "--folder FOLDER",
    ):
        assert way_out in message
    return message


def test_a_download_is_verified_and_kept(published, server, npz, left):
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert published.same(load_mnist())
    assert server.asked == [FIRST]  # the second time it was in the cache
    assert left() == ["mnist.npz"]


def test_four_files_are_downloaded_and_kept(published, server, second_is_good, left):
    assert published.same(load_mnist())
    assert len(left()) == 4
    before = len(server.asked)
    assert published.same(load_mnist())
    assert len(server.asked) == before


def test_a_download_replaces_a_wrong_file_in_our_cache(published, server, npz, own_cache):
    server.answers[FIRST] = server.whole(npz)
    own_cache.mkdir(parents=True)
    (own_cache / "mnist.npz").write_bytes(b"half a file")
    with pytest.warns(UserWarning, match="passed over"):
        load_mnist()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert published.same(load_mnist())


def html(server, body):
    return server.whole(b"<!DOCTYPE html><title>Please log in</title>", tag=None)


FAULTS = {
    "down": (lambda server, body: server.status(503), "HTTP Error 503"),
    "403": (lambda server, body: server.status(403), "HTTP Error 403"),
    "404": (lambda server, body: server.status(404), "HTTP Error 404"),
    "an HTML page with status 200": (html, "of a web page, such as blocked sites"),
    "cut in the middle": (
        lambda server, body: server.cut(body, 1000, tag=None),
        "1,000 bytes came, then the conn",
    ),
    "cut before a byte": (lambda server, body: server.cut(body, 0), "the connection ended"),
    "cut again and again": (lambda server, body: server.cut(body, 1000), "1,000 bytes came"),
    "wrong bytes": (
        lambda server, body: server.whole(body[:3000] + b"wrong" + body[3005:]),
        "damaged|SHA-256",
    ),
    "another file": (
        lambda server, body: server.whole(b"another file"),
        "12 bytes that are not a whole",
    ),
    "empty": (lambda server, body: server.whole(b""), "0 bytes that are not a whole"),
    "redirected in a loop": (
        lambda server, body: server.status(302, Location=FIRST),
        "infinite loop",
    ),
    "redirected to a file": (
        lambda server, body: server.status(302, Location="file:///etc/passwd"),
        "HTTP Error 302",
    ),
    "redirected to ftp": (
        lambda server, body: server.status(302, Location="ftp://127.0.0.1/x"),
        "no address of the web",
    ),
    "nothing to be had": (lambda server, body: server.status(204), "status 204"),
    "a part nobody asked for": (lambda server, body: server.status(206), "status 206"),
    "silent": (lambda server, body: lambda handler: time.sleep(1), "no answer in 0.3 seconds"),
    "silent in the middle": (
        lambda server, body: server.cut(body, 1000, wait=1),
        "1,000 bytes came, then",
    ),
    "a trickle": (lambda server, body: server.dripping(body, pause=0.1), "too slow"),
    "announced too large": (
        lambda server, body: server.whole(bytes(3 << 20)),
        "would send 3,145,728 bytes",
    ),
    "without an end": (lambda server, body: server.endless, "sent more than the"),
    "no HTTP": (
        lambda server, body: lambda handler: handler.wfile.write(b"\x15\x03\x01\0\2\2P"),
        "BadStatusLine|\x15",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_first_mirror_costs_only_time(
    fault, published, server, npz, second_is_good, hurry, left
):
    make, _ = FAULTS[fault]
    server.answers[FIRST] = make(server, npz)
    if fault == "silent":  # the second mirror is the same host here, and isn't asked any more
        with pytest.raises(
            DatasetNotFoundError, match="not asked, since this host didn't answer above"
        ):
            load_mnist()
    else:
        assert published.same(load_mnist())
        assert [name for name in left() if name.startswith("mnist/")] == [
            name for name in left() if "part" not in name
        ]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_error_says_what_came(fault, server, npz, hurry, left, own_cache):
    make, said = FAULTS[fault]
    server.answers[FIRST] = make(server, npz)
    began = time.monotonic()
    message = failure()
    assert time.monotonic() - began < 8
    before, _, after = message.partition(f"{server.base}{FIRST}\n")
    assert before and any(one in after.splitlines()[0] for one in said.split("|")), (
        after.splitlines()[0]
    )
    assert f"{own_cache / 'mnist.npz'}\n    not there" in before
    assert not [name for name in left() if ".part" not in name]
    assert f"{own_cache / 'mnist.npz'}\n         SHA-256 {'ab' * 32}" in after


def test_a_server_that_no_longer_misbehaves_is_used_whatever_was_left(
    published, server, npz, hurry, left
):
    for fault, (make, _) in FAULTS.items():
        if fault not in ("silent", "without an end"):
            server.answers[FIRST] = make(server, npz)
            failure()
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert left() == ["mnist.npz"]


def test_without_a_network_the_error_names_the_places(server, keras_cache, own_cache, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]
    monkeypatch.setenv("TF2DOCS_MIRROR", f"http://127.0.0.1:{closed}")
    own_cache.mkdir(parents=True)
    (own_cache / "mnist.npz").write_bytes(b"half a file")
    message = failure()
    assert f"{keras_cache / 'mnist.npz'}\n    not there" in message
    assert f"{own_cache / 'mnist.npz'}\n    11 bytes that are not a whole .npz file" in message
    assert f"http://127.0.0.1:{closed}/mnist.npz\n    Connection refused" in message


def test_the_error_for_fashion_mnist_names_its_files_and_checksums(fashion, own_cache):
    message = failure(load_fashion_mnist)
    for file in fashion.packings[0]:
        assert f"{own_cache / file.path}\n         MD5 {file.checksum[1]}" in message


def test_a_name_that_is_never_resolved_is_given_up_in_time(hurry, monkeypatch):
    wait = threading.Event()
    monkeypatch.setenv("TF2DOCS_MIRROR", "http://mirror.invalid")
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: wait.wait(10))
    message = failure()
    wait.set()
    assert "http://mirror.invalid/mnist.npz\n    no answer in 0.3 seconds" in message
    assert "http://mirror.invalid/mnist/train-images-idx3-ubyte.gz\n    not asked" in message


def test_an_interrupt_ends_the_wait(server, npz, monkeypatch, left):
    def interrupted(*args):
        raise KeyboardInterrupt

    server.answers[FIRST] = server.whole(npz)
    monkeypatch.setattr("tf2docs.datasets.progress.Progress.show", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_mnist()
    assert [name for name in left() if ".part" not in name] == []


def test_a_proxy_set_after_a_failure_is_used(monkeypatch, published, server, npz):
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{server.base}/nothing")
    failure()
    monkeypatch.setenv("TF2DOCS_MIRROR", "http://mnist.invalid")
    server.answers["http://mnist.invalid/mnist.npz"] = server.whole(npz)
    monkeypatch.setenv("http_proxy", server.base)
    monkeypatch.setenv("no_proxy", "")
    assert published.same(load_mnist())
    assert server.asked[-1] == "http://mnist.invalid/mnist.npz"


# Going on where a download was cut


def test_a_download_that_is_cut_goes_on_at_once(published, server, npz, left):
    server.answers[FIRST] = server.in_turn(server.cut(npz, 20_000), server.whole(npz))
    assert published.same(load_mnist())
    assert server.ranges == [None, "bytes=20000-"]
    assert left() == ["mnist.npz"]


def test_a_later_run_goes_on_where_an_earlier_was_cut(published, server, npz, left, own_cache):
    server.answers[FIRST] = server.in_turn(server.cut(npz, 20_000), server.status(503))
    failure()
    assert left() == ["mnist.npz.part", "mnist.npz.part.json"]
    assert (own_cache / "mnist.npz.part").read_bytes() == npz[:20_000]
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert server.ranges[-1] == "bytes=20000-"
    assert left() == ["mnist.npz"]


def test_a_file_that_changed_meanwhile_is_fetched_anew(published, server, npz, left):
    other = bytes(reversed(npz))
    server.answers[FIRST] = server.in_turn(
        server.cut(other, 20_000, tag='"old"'), server.whole(npz, tag='"new"')
    )
    assert published.same(load_mnist())
    assert left() == ["mnist.npz"]


def test_a_server_that_only_has_whole_files_is_asked_for_one(published, server, npz):
    server.answers[FIRST] = server.in_turn(server.cut(npz, 20_000), server.whole(npz, tag=None))
    assert published.same(load_mnist())


def test_a_part_from_another_place_than_asked_for_is_not_joined(published, server, npz):
    elsewhere = {"Content-Range": f"bytes 5-{len(npz) - 1}/{len(npz)}"}
    answers = server.cut(npz, 20_000), server.status(206, **elsewhere), server.whole(npz)
    server.answers[FIRST] = server.in_turn(*answers)
    assert published.same(load_mnist())
    assert server.ranges == [None, "bytes=20000-", None]


def test_bytes_of_one_mirror_are_never_joined_to_another_s(monkeypatch, published, server, npz):
    server.answers[FIRST] = server.in_turn(server.cut(npz, 20_000), server.status(503))
    failure()
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{server.base}/mine")
    server.answers["/mine/mnist.npz"] = server.whole(npz)
    assert published.same(load_mnist())
    assert server.ranges[-1] is None


def test_a_spoilt_beginning_is_fetched_anew(published, server, npz, own_cache):
    server.answers[FIRST] = server.in_turn(server.cut(npz, 20_000), server.status(503))
    failure()
    (own_cache / "mnist.npz.part").write_bytes(bytes(20_000))
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert server.ranges[-2:] == ["bytes=20000-", None]


@pytest.mark.parametrize("extra", [b"", b"more"])
def test_a_beginning_as_long_as_the_file_is_no_trap(extra, published, server, npz, own_cache):
    server.answers[FIRST] = server.in_turn(server.cut(npz, 20_000), server.status(503))
    failure()
    (own_cache / "mnist.npz.part").write_bytes(npz + extra)
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())


@pytest.mark.parametrize("note", ["", "{", "[]", '["http://x"]', '"x"', "\ufeff\0"])
def test_a_beginning_without_a_note_is_fetched_anew(note, published, server, npz, own_cache, left):
    own_cache.mkdir(parents=True)
    (own_cache / "mnist.npz.part").write_bytes(b"whose?")
    (own_cache / "mnist.npz.part.json").write_text(note, encoding="utf-8")
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert server.ranges == [None]
    assert left() == ["mnist.npz"]


def test_files_that_came_whole_before_a_cut_are_not_fetched_again(
    published, server, second_is_good
):
    images = f"{SECOND}/t10k-images-idx3-ubyte.gz"
    good, server.answers[images] = server.answers[images], server.status(503)
    failure()
    server.answers[images] = good
    server.asked.clear()
    assert published.same(load_mnist())
    assert server.asked == [FIRST, images, f"{SECOND}/t10k-labels-idx1-ubyte.gz"]


def test_it_is_not_gone_on_for_ever(server, npz, monkeypatch):
    def creeping(handler):
        start = int((handler.headers.get("Range") or "bytes=0-")[6:-1])
        handler.send_response(206 if start else 200)
        handler.send_header("ETag", '"v1"')
        handler.send_header("Content-Range", f"bytes {start}-{len(npz) - 1}/{len(npz)}")
        handler.send_header("Content-Length", str(len(npz) - start))
        handler.end_headers()
        handler.wfile.write(npz[start : start + 100])

    server.answers[FIRST] = creeping
    assert "1,100 bytes came" in failure()
    assert server.asked.count(FIRST) == fetching._RESUMPTIONS + 1


# Progress


def test_nothing_is_shown_where_nobody_watches(server, npz, capfd, monkeypatch):
    monkeypatch.setattr("tf2docs.datasets.progress._BETWEEN", 0.0)
    server.answers[FIRST] = server.whole(npz)
    load_mnist()
    assert capfd.readouterr() == ("", "")


def test_a_terminal_shows_how_far_it_is(server, npz, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("tf2docs.datasets.progress._BETWEEN", 0.0)
    monkeypatch.setattr("tf2docs.datasets.fetching._PIECE", 10_000)
    server.answers[FIRST] = server.whole(npz)
    load_mnist()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "mnist.npz  0.0 of 0.1 MB" in shown.err and "100%" in shown.err
    assert shown.err.endswith("\r") and "\n" not in shown.err


def test_what_a_loader_finds_says_where(server, npz, mnist, own_cache):
    server.answers[FIRST] = server.whole(npz)
    found = find(mnist)
    assert (found.folder, found.packing) == (own_cache, mnist.packings[0])
