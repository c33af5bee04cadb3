"""Connections of which no part outlasts a deadline.

A time limit of `http.client` holds for each operation on the socket, of which a host can cause any
number: by sending the size of a chunk drop by drop, headers without end, or `100 Continue` for
ever. Here every single operation (looking up the name, connecting, shaking hands, reading) asks the
deadline how long it may still take. So no thread has to watch, and none is left behind, but for
one: the system's look-up of a name can't be ended. There is at most one of each name, and it lasts
until the system itself gives up.
"""

import http.client
import io
import itertools
import os
import socket
import threading
from concurrent.futures import Future
from typing import Any, TypeAlias, TypeVar

from tf2docs.datasets.deadlines import Deadline

__all__ = ["connect", "timely"]

_Found: TypeAlias = tuple[Any, ...]  # what `socket.getaddrinfo` tells of an address
_Connection = TypeVar("_Connection", bound=http.client.HTTPConnection)
# look-ups, by process: a fork has none of our threads
_UNDER_WAY: dict[tuple[int, str, int], Future[list[_Found]]] = {}


def timely(connection: _Connection, deadline: Deadline) -> _Connection:
    """Hold a connection that hasn't been opened yet to a deadline."""

    def respond(connected: socket.socket, *rest: Any, **options: Any) -> http.client.HTTPResponse:
        timely_reader: Any = _TimelyReader(connected, deadline)  # all that a response asks for
        return http.client.HTTPResponse(timely_reader, *rest, **options)

    vars(connection).update(
        _create_connection=lambda place, *_: connect(place[0], place[1], deadline),
        response_class=respond,
    )
    return connection


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Connect to the first of a host's addresses that answers, each having its share of the time.

    Raises:
        SilentError: None answers in time.
        OSError: There is no such host, or it refuses.
    """
    found = _alternating(_look_up(host, port, deadline))
    for place, (family, kind, protocol, _, address) in enumerate(found):
        connected = socket.socket(family, kind, protocol)
        try:
            connected.settimeout(deadline.remaining() / (len(found) - place))
            connected.connect(address)
            connected.settimeout(deadline.remaining())  # shaking hands comes next
            return connected
        except OSError:
            connected.close()
            if place == len(found) - 1:
                raise
        except BaseException:
            connected.close()
            raise
    raise OSError(f"{host} has no address")


def _look_up(host: str, port: int, deadline: Deadline) -> list[_Found]:
    asked = (os.getpid(), host, port)
    answer = _UNDER_WAY.get(asked)
    if answer is None:
        answer = _UNDER_WAY[asked] = Future()
        threading.Thread(target=_resolve, args=[asked, answer], daemon=True).start()
    try:
        return answer.result(deadline.remaining())
    except TimeoutError:
        deadline.remaining()
        raise


def _resolve(asked: tuple[int, str, int], answer: "Future[list[_Found]]") -> None:
    try:
        answer.set_result(socket.getaddrinfo(*asked[1:], type=socket.SOCK_STREAM))
    except Exception as error:
        answer.set_exception(error)
    finally:
        _UNDER_WAY.pop(asked, None)


def _alternating(found: list[_Found]) -> list[_Found]:
    """The addresses of both families in turn: often all of one can't be reached."""
    first = [one for one in found if one[0] == found[0][0]]
    others = [one for one in found if one[0] != found[0][0]]
    return [one for pair in itertools.zip_longest(first, others) for one in pair if one]


class _TimelyReader(io.RawIOBase):
    """What comes from a socket, as long as the deadline allows."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._stream = connected.makefile("rb", buffering=0)
        self._deadline = deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        """What `http.client` asks a socket for."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, space: Any) -> int | None:
        self._socket.settimeout(self._deadline.remaining())
        try:
            return self._stream.readinto(space)
        except TimeoutError:
            self._deadline.remaining()
            raise

    def close(self) -> None:
        self._stream.close()
        super().close()
