"""Names, addresses, handshakes: none outlasts the deadline, and what is given up is gone."""

import contextlib
import socket
import ssl
import subprocess
import threading
import time
import urllib.request

import pytest

from tf2docs.datasets import DatasetNotFoundError, connecting, fetching, load_mnist
from tf2docs.datasets.addresses import read_address
from tf2docs.datasets.asking import DeliveryError, ask
from tf2docs.datasets.connecting import connect
from tf2docs.datasets.deadlines import Deadline, SilentError

PATIENCE = 0.3


@contextlib.contextmanager
def listening(serve=None):
    """A port of this machine, which does with each connection what `serve` says.

    It does so in a thread that ends with it.
    """
    done = threading.Event()

    def accept():
        while not done.is_set():
            with contextlib.suppress(OSError):
                connected, _ = port.accept()
                threading.Thread(target=handle, args=[connected], daemon=True).start()

    def handle(connected):
        with connected, contextlib.suppress(OSError):
            (serve or hold)(connected)

    def hold(connected):
        while connected.recv(1 << 16):
            pass

    with socket.create_server(("127.0.0.1", 0)) as port:
        port.settimeout(0.05)
        thread = threading.Thread(target=accept)
        thread.start()
        yield port.getsockname()[1]
        done.set()
        thread.join()


def given_up(work) -> str:
    """What is said when it is given up, which must be in time and leave no thread behind."""
    threads, began = threading.active_count(), time.monotonic()
    with pytest.raises(OSError) as caught:
        work()
    assert time.monotonic() - began < 5 * PATIENCE
    assert threading.active_count() <= threads + 1  # the server's own, which ends when ours closes
    return str(caught.value)


def drop_by_drop(data, pause=0.02):
    def serve(connected):
        for place in range(len(data)):
            connected.sendall(data[place : place + 1])
            time.sleep(pause)
        connected.recv(1)

    return serve


# the beginning of a handshake's message, and a long one
TLS_RECORD = b"\x16\x03\x03\x40\x00" + bytes(0x4000)
HANDSHAKES = {
    "silence": None,
    "drop by drop": drop_by_drop(TLS_RECORD),
    "one byte and silence": lambda connected: (
        connected.sendall(b"\x16"),
        connected.recv(1 << 16),
        connected.recv(1),
    ),
    "warnings without end": lambda connected: [
        connected.sendall(b"\x15\x03\x03\x00\x02\x01\x5a") for _ in range(10**6)
    ],
    "noughts without end": lambda connected: [
        connected.sendall(bytes(1 << 16)) for _ in range(10**6)
    ],
    "plain HTTP": lambda connected: connected.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "a hang-up": lambda connected: None,
}


@pytest.mark.parametrize("kind", HANDSHAKES)
def test_a_handshake_is_given_up_in_time(kind):
    with listening(HANDSHAKES[kind]) as port:
        said = given_up(
            lambda: ask(read_address(f"https://127.0.0.1:{port}/x"), {}, Deadline(PATIENCE))
        )
    assert said


TUNNELS = {
    "silence": None,
    "headers without end": lambda connected: (
        connected.sendall(b"HTTP/1.1 200 OK\r\n"),
        [connected.sendall(b"X: y\r\n" * 1000) for _ in range(10**6)],
    ),
    "headers drop by drop": drop_by_drop(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000),
    "a refusal": lambda connected: connected.sendall(b"HTTP/1.1 407 Who\r\n\r\n"),
    "a refusal without end": lambda connected: (
        connected.sendall(b"HTTP/1.1 407 Who\r\n\r\n"),
        [connected.sendall(bytes(1 << 16)) for _ in range(10**6)],
    ),
    "a tunnel to silence": lambda connected: (
        connected.sendall(b"HTTP/1.1 200 OK\r\n\r\n"),
        hold(connected),
    ),
    "a tunnel to nowhere": lambda connected: connected.sendall(b"HTTP/1.1 200 OK\r\n\r\n"),
}


def hold(connected):
    while connected.recv(1 << 16):
        pass


@pytest.mark.parametrize("kind", TUNNELS)
def test_a_proxy_is_given_up_in_time(kind, monkeypatch):
    monkeypatch.setenv("no_proxy", "")
    with listening(TUNNELS[kind]) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        assert given_up(
            lambda: ask(read_address("https://mirror.invalid/x"), {}, Deadline(PATIENCE))
        )


# Names


def test_a_name_that_is_looked_up_for_ever_leaves_one_thread_whatever_the_tries(monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: ended.wait(10) and [])
    before = threading.active_count()
    for _ in range(5):
        with pytest.raises(SilentError):
            connect("slow.invalid", 80, Deadline(0.02))
    assert threading.active_count() == before + 1
    ended.set()
    for _ in range(100):
        if threading.active_count() == before:
            break
        time.sleep(0.02)
    assert threading.active_count() == before
    assert connecting._UNDER_WAY == {}


def addresses(monkeypatch, *found):
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: list(found))


def at(port, family=socket.AF_INET, host="127.0.0.1"):
    return family, socket.SOCK_STREAM, 0, "", (host, port)


@pytest.fixture
def full():
    """A port that takes no more connections, as one behind a firewall: connecting waits."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(port.getsockname())
        yield port.getsockname()[1]
        for one in waiting:
            one.close()


def test_an_address_that_swallows_all_leaves_time_for_the_next(full, monkeypatch):
    with listening() as good:
        addresses(monkeypatch, at(full), at(good))
        connect("host", 80, Deadline(2)).close()


@pytest.mark.parametrize("count", [1, 2, 16])
def test_addresses_that_swallow_all_are_given_up_together(count, full, monkeypatch):
    addresses(monkeypatch, *[at(full)] * count)
    assert "no answer" in given_up(
        lambda: ask(read_address("http://host/x"), {}, Deadline(PATIENCE))
    )


def test_the_next_address_is_tried_where_one_refuses(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        closed = other.getsockname()[1]
    with listening() as good:
        addresses(monkeypatch, at(closed), at(good))
        connect("host", 80, Deadline(PATIENCE)).close()
    addresses(monkeypatch, at(closed), at(closed))
    with pytest.raises(ConnectionRefusedError):
        connect("host", 80, Deadline(PATIENCE))


def test_addresses_of_both_families_take_turns():
    six, four = at(1, socket.AF_INET6, "::1"), at(1)
    assert connecting._alternating([six, six, six, four]) == [six, four, six, six]
    assert connecting._alternating([]) == []


@pytest.mark.parametrize("found", [[], None, True, [()]])
def test_a_look_up_that_finds_nothing_is_said(found, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: found)
    with pytest.raises(DeliveryError):
        ask(read_address("http://host/x"), {}, Deadline(PATIENCE))


def test_a_mirror_may_be_an_address_of_ipv6(monkeypatch, server, npz, published):
    asked = []

    def look_up(host, port, *rest, **options):
        asked.append((host, port))
        return [at(server.port)]

    server.answers["/mnist.npz"] = server.whole(npz)
    monkeypatch.setattr("socket.getaddrinfo", look_up)
    monkeypatch.setenv("TF2DOCS_MIRROR", "http://[::1]:8000")
    assert published.same(load_mnist())
    assert asked == [("::1", 8000)]


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
    ]
    made += [
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
    ]
    try:
        subprocess.run(made, cwd=folder, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs openssl")
    return folder


def over_tls(certificate, serve):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")

    def handle(connected):
        with context.wrap_socket(connected, server_side=True) as secured:
            secured.recv(1 << 16)
            serve(secured)

    return handle


def respond(data):
    return lambda secured: secured.sendall(data)


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    return certificate


def test_a_file_comes_over_tls(trusted, npz, published, monkeypatch):
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(npz) + npz
    with listening(over_tls(trusted, respond(whole))) as port:
        monkeypatch.setenv("TF2DOCS_MIRROR", f"https://127.0.0.1:{port}")
        assert published.same(load_mnist())


def test_a_certificate_that_nobody_trusts_is_said(certificate, npz, monkeypatch):
    with listening(over_tls(certificate, respond(b""))) as port:
        monkeypatch.setenv("TF2DOCS_MIRROR", f"https://127.0.0.1:{port}")
        with pytest.raises(DatasetNotFoundError, match="CERTIFICATE_VERIFY_FAILED"):
            load_mnist()


def test_what_never_ends_over_tls_is_given_up(trusted, npz, monkeypatch):
    monkeypatch.setattr(fetching, "_PATIENCE", PATIENCE)

    def serve(secured):
        secured.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            secured.sendall(b"0")
            time.sleep(0.02)

    with listening(over_tls(trusted, serve)) as port:
        monkeypatch.setenv("TF2DOCS_MIRROR", f"https://127.0.0.1:{port}")
        with pytest.raises(DatasetNotFoundError, match="only 0 bytes came"):
            load_mnist()


def test_a_redirect_never_leads_from_https_to_http(trusted, server, npz, monkeypatch):
    server.answers["/x/mnist.npz"] = server.whole(npz)
    answer = b"HTTP/1.1 302 x\r\nLocation: %s/x/mnist.npz\r\n\r\n" % server.base.encode()
    with listening(over_tls(trusted, respond(answer))) as port:
        monkeypatch.setenv("TF2DOCS_MIRROR", f"https://127.0.0.1:{port}")
        with pytest.raises(DatasetNotFoundError, match="redirects from https to http"):
            load_mnist()
    assert "/x/mnist.npz" not in server.asked


@pytest.mark.parametrize("path", ["/nonexistent.pem", "/dev/null", "/", "\x7f"])
def test_certificates_that_are_none_end_in_the_message(path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", path)
    with listening() as port:
        assert given_up(
            lambda: ask(read_address(f"https://127.0.0.1:{port}/x"), {}, Deadline(PATIENCE))
        )


# The rest


def test_a_deadline_heeds_no_clock_that_is_set(monkeypatch):
    deadline = Deadline(10)
    monkeypatch.setattr("time.time", lambda: 1e12)
    assert 9 < deadline.remaining() <= 10
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert 9 < deadline.remaining() <= 10


def test_whatever_is_raised_is_said_without_its_cause(monkeypatch):
    class OddError(Exception):
        pass

    def fail(*args, **options):
        raise OddError("out of order")

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", fail)
    with pytest.raises(DeliveryError, match="OddError out of order") as caught:
        ask(read_address("http://host/x"), {}, Deadline(PATIENCE))
    assert caught.value.__cause__ is None and caught.value.__context__ is None
