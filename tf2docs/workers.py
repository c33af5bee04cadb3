"""Start several worker processes on this machine, as if each were on a machine of its own."""

import contextlib
import importlib
import inspect
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tf2docs._arguments import real_number, whole_number

__all__ = ["WorkerError", "run_workers", "tf_config"]

_SHOWN = 40  # lines of a worker's output in an error
_PAUSE = 0.05  # seconds between two looks at the workers


class WorkerError(RuntimeError):
    """A worker failed, or took too long.

    Attributes:
        index: Which worker, counted from 0.
        log: All that it wrote to standard output and standard error.
    """

    def __init__(self, message: str, index: int, log: str) -> None:
        shown = "\n".join(log.splitlines()[-_SHOWN:]) or "(nothing)"
        super().__init__(f"worker {index} {message}. The end of what it wrote:\n{shown}")
        self.index = index
        self.log = log


def tf_config(addresses: Sequence[str], index: int) -> str:
    """Write a worker's `TF_CONFIG`: who all the workers are, and which of them it is.

    Args:
        addresses: `host:port` of every worker, in the same order for all.
        index: The place in `addresses` of the worker that this is for, from 0.

    Returns:
        The value for the environment variable, as JSON.

    Raises:
        TypeError: `addresses` is a single text, or `index` no whole number.
        ValueError: There are no addresses, one is no `host:port` or comes twice, or `index` is none
            of their places.

    Examples:
        >>> tf_config(["192.0.2.1:123"], 0)
        '{"cluster": {"worker": ["192.0.2.1:123"]}, "task": {"type": "worker", "index": 0}}'
    """
    workers = _checked_addresses(addresses)
    index = whole_number("index", index, least=0, most=len(workers) - 1)
    return json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}})


def _checked_addresses(addresses: Sequence[str]) -> list[str]:
    example = "expected a list such as ['192.0.2.1:12345', '192.0.2.2:12345']"
    if isinstance(addresses, str | bytes) or not isinstance(addresses, Iterable):
        raise TypeError(
            f"addresses is {addresses!r}, {example}: all workers, in the same order for each "
            "of them."
        )
    found = list(addresses)
    if not found:
        raise ValueError(f"addresses is empty, {example}.")
    for address in found:
        if not _is_address(address):
            raise ValueError(
                f"addresses has {address!r}, {example}: host:port, the port being from 1 to 65535."
            )
        if found.count(address) > 1:
            raise ValueError(
                f"addresses has {address!r} twice, expected one of its own for each worker."
            )
    return [str(address) for address in found]


def _is_address(address: object) -> bool:
    if not isinstance(address, str):
        return False
    host, _, port = address.rpartition(":")
    # a name, numbers, or IPv6 in brackets
    named = re.fullmatch(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]", host)
    return bool(named and re.fullmatch(r"[0-9]{1,5}", port) and 1 <= int(port) <= 65535)


def run_workers(
    function: Callable[[], Any], *, workers: int = 2, time_limit: float = 300.0
) -> list[Any]:
    """Run a function in several new processes at once.

    Each is one worker with a `TF_CONFIG` of its own.

    They meet on the loopback address and compute on the CPU, since workers can't share a GPU. When
    one fails or takes too long, all are ended; none outlives this call, nor the process that made
    it.

    Args:
        function: Takes nothing and returns what JSON can hold. It must be importable, so not from a
            notebook.
        workers: How many processes.
        time_limit: Seconds that they may take, starting included.

    Returns:
        What the function returned in each worker, in order.

    Raises:
        TypeError: The function takes arguments, or a number is something else.
        ValueError: The function can't be imported, or a number is out of range.
        WorkerError: A worker raised, died or took too long.

    Examples:
        >>> import platform
        >>> run_workers(platform.python_version) == [platform.python_version()] * 2
        True
    """
    _check(function)
    workers, time_limit = whole_number("workers", workers, least=1), _checked_limit(time_limit)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        addresses = [stack.enter_context(_held_address()) for _ in range(workers)]
        team = [
            stack.enter_context(_started(function, addresses, index, folder))
            for index in range(workers)
        ]
        _wait(team, time_limit)
        return [json.loads(worker.result.read_text(encoding="utf-8")) for worker in team]


@dataclass(frozen=True)
class _Worker:
    index: int
    process: subprocess.Popen[bytes]
    result: Path  # there once the function has returned
    log: Path

    def error(self, message: str) -> WorkerError:
        return WorkerError(
            message, self.index, self.log.read_text(encoding="utf-8", errors="replace")
        )


def _check(function: Callable[[], Any]) -> None:
    importable = (
        isinstance(function, types.FunctionType) and function.__name__ == function.__qualname__
    )
    if not importable or function.__module__ == "__main__":
        raise ValueError(
            f"{function!r} can't be imported by another process, expected a function that stands "
            "at the top of a module. Put it in a file, say my_worker.py, and give `from my_worker "
            "import ...`."
        )
    needed = [
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if needed:
        raise TypeError(
            f"{function.__name__} needs {', '.join(needed)}, expected a function that can be "
            "called without arguments. Give these a default, or call it from a function of its "
            "own that has none."
        )


def _checked_limit(time_limit: float) -> float:
    seconds = real_number("time_limit", time_limit)
    if seconds <= 0:
        raise ValueError(f"time_limit is {seconds:g}, expected more than 0 seconds.")
    return seconds


@contextlib.contextmanager
def _held_address() -> Iterator[str]:
    """A free port that nobody else is given until the workers are done.

    The socket is bound, so the port is taken; it doesn't listen, and both sides agree to share, so
    the worker can.
    """
    with socket.socket() as holder:
        # not on Windows, where the port is free until the worker takes it
        if hasattr(socket, "SO_REUSEPORT"):
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{holder.getsockname()[1]}"
        if not hasattr(socket, "SO_REUSEPORT"):
            holder.close()
        yield address


@contextlib.contextmanager
def _started(
    function: Callable[[], Any], addresses: list[str], index: int, folder: Path
) -> Iterator[_Worker]:
    """A worker that is ended, whatever happens, and waited for."""
    result, log = folder / f"{index}.json", folder / f"{index}.log"
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; from tf2docs.workers import _work; "
        "_work(*sys.argv[1:])"
    )
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", code, function.__module__, function.__name__, str(result)],
            env=os.environ | _environment(addresses, index),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _Worker(index, process, result, log)
    finally:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


def _environment(addresses: list[str], index: int) -> dict[str, str]:
    return {
        "TF_CONFIG": tf_config(addresses, index),
        "TF_GRPC_REUSE_PORT": "1",  # the port is held for the worker, see _held_address
        "CUDA_VISIBLE_DEVICES": "-1",
        "no_grpc_proxy": "127.0.0.1",  # a proxy doesn't know this machine's loopback address
        "PYTHONUNBUFFERED": "1",
    }


def _wait(team: list[_Worker], time_limit: float) -> None:
    """Wait until every worker has left a result; raise as soon as one can't any more."""
    deadline = time.monotonic() + time_limit
    while waiting := [worker for worker in team if not worker.result.exists()]:
        for worker in waiting:
            code = worker.process.poll()
            if code is not None and not worker.result.exists():
                raise worker.error(f"of {len(team)} ended with {_describe(code)}")
        if time.monotonic() > deadline:
            raise waiting[0].error(
                f"of {len(team)} wasn't done after {time_limit:g} s, the time limit"
            )
        time.sleep(_PAUSE)


def _describe(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _work(module: str, name: str, result: str) -> None:
    """What a worker process does: call the function, leave its result, and stay until it is ended.

    If it left by itself, it would take the service away through which TensorFlow's workers talk.
    """
    watching = threading.Thread(target=_end_with_parent, daemon=True)
    watching.start()
    try:
        value = json.dumps(getattr(importlib.import_module(module), name)())
    except BaseException:
        traceback.print_exc()
        sys.stdout.flush()
        os._exit(1)  # at once: TensorFlow would wait for the other workers first
    finished = Path(f"{result}.part")
    finished.write_text(value, encoding="utf-8")
    finished.replace(result)  # so that nobody reads half of it
    watching.join()


def _end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, even if that was killed.

    Its pipe closes.
    """
    sys.stdin.buffer.read()
    os._exit(1)
