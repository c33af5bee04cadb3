"""How a page's process answers: in messages that are whole, in order, and its own.

A page may write into any descriptor, fork, or die in the middle of a word. So a message stands
between two tokens that only the two ends know, and whoever reads waits for nothing but the next
bytes, never for a message's end. It is JSON, which reads the same whatever the page did to its
classes, and runs no code where it is read.
"""

import contextlib
import importlib.util
import json
import time
from collections.abc import Callable, Iterator
from multiprocessing import connection
from socket import socket
from typing import Any

_SIZE = 8  # bytes that say how long a message is
_MOST_BYTES = 1 << 28


def _own_encoder() -> Callable[[object], str]:
    """An encoder of a module of its own: whatever a page makes of Python's, it answers truly."""
    spec = importlib.util.find_spec("json.encoder")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    encode: Callable[[object], str] = module.JSONEncoder().encode
    return encode


_encode = _own_encoder()


class Sender:
    """The end of the page's process."""

    def __init__(self, channel: socket, token: bytes) -> None:
        self._channel = channel
        self._token = token
        self._held = False

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Send nothing: it is the page's turn."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def send(self, message: dict[str, Any]) -> None:
        """Send a message of what JSON knows.

        Raises:
            ValueError: it is too large.
            OSError: the page has closed the channel.
            RuntimeError: the page itself would answer.
        """
        if self._held:
            raise RuntimeError("a block can't answer for itself")
        payload = _encode(message).encode()
        if len(payload) > _MOST_BYTES:
            raise ValueError(
                f"an answer of {len(payload):,} bytes; at most {_MOST_BYTES:,} are taken"
            )
        self._channel.sendall(self._token + len(payload).to_bytes(_SIZE) + payload + self._token)


class Receiver:
    """The end of the process that waits."""

    def __init__(self, channel: socket, token: bytes, sentinel: int) -> None:
        """Read from a channel until the process that the sentinel stands for has ended."""
        channel.setblocking(False)
        self._channel = channel
        self._token = token
        self._sentinel = sentinel
        self._bytes = bytearray()

    def receive(self, deadline: float) -> dict[str, Any]:
        """The next message.

        Args:
            deadline: Until when to wait, in the seconds of `time.monotonic`.

        Raises:
            TimeoutError: it isn't there in time.
            EOFError: the process has ended without it.
            ValueError: something else came.
        """
        while (payload := self._next()) is None:
            self._wait(deadline)
        with contextlib.suppress(RecursionError):
            if isinstance(message := json.loads(payload), dict):
                return message
        raise ValueError("something else than an answer came")

    def _next(self) -> bytes | None:
        """A whole message, or nothing yet."""
        length, read = len(self._token), self._bytes
        if not self._token.startswith(bytes(read[:length])):
            raise ValueError("something else than an answer came")
        size, start = int.from_bytes(read[length : length + _SIZE]), length + _SIZE
        if size > _MOST_BYTES:
            raise ValueError(f"an answer of {size:,} bytes was announced")
        if len(read) < start or len(read) < start + size + length:
            return None
        payload, behind = (
            bytes(read[start : start + size]),
            bytes(read[start + size : start + size + length]),
        )
        if behind != self._token:
            raise ValueError("something else came in the middle of an answer")
        del read[: start + size + length]
        return payload

    def _wait(self, deadline: float) -> None:
        ready = connection.wait(
            [self._channel, self._sentinel], max(0.0, deadline - time.monotonic())
        )
        if self._channel in ready:
            self._bytes += self._read()
        elif ready:
            raise EOFError
        else:
            raise TimeoutError

    def _read(self) -> bytes:
        try:
            chunk = self._channel.recv(1 << 20)
        except BlockingIOError:
            return b""
        except OSError:
            raise EOFError from None
        if not chunk:
            raise EOFError
        return chunk
