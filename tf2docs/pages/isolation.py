"""Keep a process from the network: nothing but this machine itself may be reached."""

import contextlib
import functools
import ipaddress
import sys
from collections.abc import Iterator
from typing import Any

_CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}

_state = {"refused": False}

attempts: list[str] = []
"""What this process tried to reach since the list was last emptied."""


class NetworkRefusedError(RuntimeError):
    """Something tried to reach another machine. No OSError, so that code which expects those doesn't hide it."""


@contextlib.contextmanager
def network_refused() -> Iterator[None]:
    """Refuse, whatever library asks, to look up or connect to anything but the loopback address.

    Python's audit hook sees every use of a socket, and can't be removed. What C++ does by itself it doesn't see.
    """
    _install()
    _state["refused"] = True
    try:
        yield
    finally:
        _state["refused"] = False


@functools.cache
def _install() -> None:
    sys.addaudithook(_audit)


def is_loopback(host: Any) -> bool:
    """Whether a host is this machine itself.

    Examples:
        >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("example.org"), is_loopback("10.0.0.1")
        (True, True, False, False)
    """
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _audit(event: str, arguments: tuple) -> None:
    if not _state["refused"]:
        return
    if event in _LOOKS_UP:
        _refuse(arguments[0])
    elif event in _CONNECTS and isinstance(arguments[1], tuple):  # a local socket's address is a path
        _refuse(arguments[1][0])


def _refuse(host: Any) -> None:
    if not is_loopback(host):
        attempts.append(str(host))
        raise NetworkRefusedError(
            f"tried to reach {host!r}; pages and tests run without the network, read data through tf2docs.datasets"
        )
