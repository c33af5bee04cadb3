"""Keep a process from the network: nothing but this machine itself may be reached."""

import contextlib
import functools
import ipaddress
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_LOOKS_UP_ADDRESS = {"socket.getnameinfo"}

attempts: list[str] = []
"""What this process tried to reach since the list was last emptied.

Only where nobody else was to be told.
"""

_state: dict[str, Callable[[str], None] | None] = {"report": None}


class NetworkRefusedError(RuntimeError):
    """Something tried to reach another machine.

    No OSError, so that code which expects those doesn't hide it.
    """


@contextlib.contextmanager
def network_refused(report: Callable[[str], None] = attempts.append) -> Iterator[None]:
    """Refuse, whatever library asks, to look up or connect to anything but the loopback address.

    Python's audit hook sees every use of a socket, in this process and its forked copies, and can't
    be removed. What C++ does by itself, or another program, it doesn't see: that is what walls are
    for (`tf2docs.pages.running.walls`).

    Args:
        report: Told each host that was refused.
    """
    _install()
    _state["report"] = report
    try:
        yield
    finally:
        _state["report"] = None


@functools.cache
def _install() -> None:
    sys.addaudithook(_audit)


def is_loopback(host: Any) -> bool:
    """Whether a host is this machine itself.

    Examples:
        >>> [is_loopback(host) for host in ("127.0.0.1", "localhost", "example.org", "10.0.0.1")]
        [True, True, False, False]
    """
    host = host.decode() if isinstance(host, bytes | bytearray) else host
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _state["report"] is None:
        return
    if event in _LOOKS_UP:
        _refuse(arguments[0])
    # a local socket's address is a path
    elif event in _CONNECTS and isinstance(arguments[1], tuple):
        _refuse(arguments[1][0])
    elif event in _LOOKS_UP_ADDRESS:
        _refuse(arguments[0][0])


def _refuse(host: Any) -> None:
    report = _state["report"]
    if report is not None and not is_loopback(host):
        report(str(host))
        raise NetworkRefusedError(
            f"tried to reach {host!r}; pages and tests run without the network, read data from "
            "files"
        )


class Attempts:
    """What a page tried to reach, itself or in a process that it started."""

    def __init__(self, file: Path, count: Callable[[], int] = lambda: 0) -> None:
        """Begin to gather.

        Args:
            file: Where hosts are noted, by forked copies of the page too.
            count: How many attempts somebody else has counted so far, whoever made them.
        """
        self._file = file
        self._count = count
        self._seen = count()
        # a page may replace what the module holds
        self._open, self._write, self._close = os.open, os.write, os.close
        file.write_bytes(b"")

    def note(self, host: str) -> None:
        """Take down a host."""
        file = self._open(self._file, os.O_WRONLY | os.O_APPEND)
        self._write(file, f"{host}\n".encode("utf-8", "backslashreplace"))
        self._close(file)

    def take(self) -> str:
        """What was tried since the last call, in words."""
        hosts = sorted(set(self._file.read_text(encoding="utf-8").splitlines()))
        count = self._count()
        others, self._seen = count - self._seen, count
        self._file.write_bytes(b"")
        if hosts:
            return f"tried to reach {', '.join(hosts)}, and went on when it was refused"
        if others:
            return (
                f"started something that tried to reach another machine ({others} times, the "
                "kernel says)"
            )
        return ""
