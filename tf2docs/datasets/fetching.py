"""Fetch a file from an address: in bounded time, in bounded size, and on from where it was cut."""

import http.client
import queue
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.keeping import Partial
from tf2docs.datasets.progress import Progress

__all__ = ["FAILURES", "CutError", "SilentError", "fetch"]

FAILURES: tuple[type[Exception], ...] = (OSError, http.client.HTTPException, ValueError)
"""What an address that doesn't deliver raises."""

_PATIENCE = 15.0  # seconds without an answer, or without another byte, until an address is given up
_SLOWEST = 2048  # bytes per second; what is slower for as long as our patience lasts is given up
_RESUMPTIONS = 10  # how often one call goes on with a file that was cut, as long as each time brings more
_PIECE = 1 << 16


class SilentError(TimeoutError):
    """A host doesn't answer at all, so there is no use in asking it for another file."""


class CutError(OSError):
    """A connection ended before the file did."""


def fetch(address: str, partial: Partial, limit: int) -> None:
    """Fetch a file to its end, going on with the bytes that an earlier run left if the server still has the same file.

    Args:
        address: Where the file is.
        partial: Where the bytes go.
        limit: How many bytes it may have at most.

    Raises:
        CannotKeepError: The bytes can't be written.
        WrongDatasetError: There are more bytes than the limit.
        SilentError: The host doesn't answer.
        OSError, http.client.HTTPException, ValueError: The address doesn't deliver.
    """
    progress = Progress(address.rpartition("/")[2])
    try:
        for attempt in range(_RESUMPTIONS + 1):
            before = partial.size
            try:
                return _transfer(address, partial, limit, progress)
            except SilentError:
                raise
            except (CutError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
                if attempt == _RESUMPTIONS or partial.size <= before or not partial.validator(address):
                    if not partial.size:
                        raise
                    raise CutError(f"{partial.size:,} bytes came, then {_says(error)}") from error
    finally:
        progress.close()


def _transfer(address: str, partial: Partial, limit: int, progress: Progress) -> None:
    with _ask(address, partial) as response:
        total = _prepare(response, address, partial)
        if total and total > limit:
            raise WrongDatasetError(f"it would send {total:,} bytes, and the file can't have more than {limit:,}")
        for size in _pieces(response, partial):
            progress.show(size, total)
            if size > limit:
                raise WrongDatasetError(f"it sent more than the {limit:,} bytes that the file can have")
    if total and partial.size < total:
        raise CutError(f"the connection ended, of {total:,} expected")


def _ask(address: str, partial: Partial) -> http.client.HTTPResponse:
    """Ask for the bytes that are lacking; for all of them where the server won't tell the file's parts."""
    validator, headers = partial.validator(address), {}
    if validator:
        headers = {"Range": f"bytes={partial.size}-", "If-Range": validator}
    try:
        return _open(urllib.request.Request(address, headers=headers))
    except urllib.error.HTTPError as error:
        if not validator or error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        partial.begin(address, None)
        return _open(urllib.request.Request(address))


def _prepare(response: http.client.HTTPResponse, address: str, partial: Partial) -> int | None:
    """Begin anew unless the answer goes on where the bytes end. Returns how many bytes the whole file has, if said."""
    going_on = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range") or "")
    if response.status == http.HTTPStatus.PARTIAL_CONTENT and going_on and int(going_on[1]) == partial.size:
        return int(going_on[2]) if going_on[2] != "*" else None
    if response.status != http.HTTPStatus.OK:
        raise OSError(f"the server answers with status {response.status}")
    partial.begin(address, _validator(response))
    return int(response.headers["Content-Length"]) if "Content-Length" in response.headers else None


def _validator(response: http.client.HTTPResponse) -> str | None:
    """What identifies the file in later requests for its other parts (RFC 9110, If-Range): no weak tags."""
    if response.headers.get("Accept-Ranges", "").lower() == "none":
        return None
    tag = response.headers.get("ETag") or ""
    return tag if tag.startswith('"') else response.headers.get("Last-Modified")


def _pieces(response: http.client.HTTPResponse, partial: Partial) -> Iterator[int]:
    """Write what comes; yield how many bytes there are. A trickle is given up as silence is."""
    size = partial.size
    since, had = time.monotonic(), size
    while piece := response.read1(_PIECE):
        partial.write(piece)
        size += len(piece)
        yield size
        if (passed := time.monotonic() - since) > _PATIENCE:
            if size - had < _SLOWEST * passed:
                raise SilentError(f"only {size - had:,} bytes came in {passed:.0f} seconds, too slow to go on")
            since, had = time.monotonic(), size


def _open(request: urllib.request.Request) -> http.client.HTTPResponse:
    """Open an address, or give up in time.

    urllib's own time limit holds for each of a host's many addresses in turn, which is minutes of silence
    where they are all blocked. Hence the thread, which may be left behind.
    """
    answers: queue.SimpleQueue[http.client.HTTPResponse | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(_opener().open(request, timeout=_PATIENCE))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_PATIENCE)
    except queue.Empty:
        raise SilentError(f"no answer in {_PATIENCE:g} seconds") from None
    if isinstance(answer, TimeoutError) or isinstance(getattr(answer, "reason", None), TimeoutError):
        raise SilentError(f"no answer in {_PATIENCE:g} seconds") from answer
    if isinstance(answer, urllib.error.HTTPError):
        answer.close()
    if isinstance(answer, Exception):
        raise answer
    return answer


def _opener() -> urllib.request.OpenerDirector:
    """An opener of web addresses only: the stock one would follow a redirect to ftp, and open local files.

    A new one each time: a shared one never sees a proxy that is set after its first use.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _says(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
