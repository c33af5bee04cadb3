"""A page or a test reaches this machine and nothing else."""

import socket
import urllib.request

import pytest

from tf2docs.pages.running.network_guard import NetworkRefusedError, attempts, is_loopback

REACHES = {
    "a connection": lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    "a look-up": lambda: socket.getaddrinfo("example.invalid", 80),
    "an old look-up": lambda: socket.gethostbyname("example.invalid"),
    "a look-up of an address": lambda: socket.getnameinfo(("192.0.2.1", 80), 0),
    "a datagram": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9)),
    "a page of the web": lambda: urllib.request.urlopen("http://example.invalid/"),
    "an address of the next generation": lambda: socket.socket(socket.AF_INET6).connect(
        ("2001:db8::1", 80)
    ),
}


@pytest.mark.parametrize("reach", REACHES.values(), ids=list(REACHES))
def test_another_machine_is_out_of_reach(reach):
    with pytest.raises(NetworkRefusedError, match="pages and tests run without the network"):
        reach()
    assert attempts
    attempts.clear()


def test_this_machine_is_in_reach():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", b"localhost", "", None]
)
def test_the_loopback_addresses(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "10.0.0.1", "192.168.1.1", "localhost.example", "fe80::1%eth0"]
)
def test_other_addresses(host):
    assert not is_loopback(host)
