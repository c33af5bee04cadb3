"""Fetch a file from an address: in bounded time, in bounded size, and on from where it was cut."""

import http.client
import re
from collections.abc import Iterator

from tf2docs.datasets.addresses import Address
from tf2docs.datasets.asking import DeliveryError, ask
from tf2docs.datasets.deadlines import Deadline, SilentError
from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.hiding import reason
from tf2docs.datasets.keeping import Partial
from tf2docs.datasets.progress import Progress

__all__ = ["CutError", "StalledError", "fetch"]

_PATIENCE = 15.0  # seconds without an answer until an address is given up
_SLOWEST = 2048  # bytes per second; what is slower for as long as our patience lasts is given up
# how often one call goes on with a file that was cut, as long as each time brings more
_RESUMPTIONS = 10
_SILENCES = 2  # how often one call waits in vain
_PIECE = 1 << 16


class CutError(OSError):
    """A connection ended before the file did."""


class StalledError(CutError):
    """A host began to send the file, and then sent nothing, or next to nothing."""


def fetch(address: Address, partial: Partial, limit: int) -> bool:
    """Fetch a file to its end.

    Goes on with the bytes that an earlier run left if the server still has the same file.

    Where a request for the rest doesn't bring any of it, the whole file is asked for, once. What
    came before is only thrown away when the whole file comes.

    Args:
        address: Where the file is.
        partial: Where the bytes go.
        limit: How many bytes it may have at most.

    Returns:
        Whether a rest was asked for, so that the bytes may be of several files if they aren't the
        right ones.

    Raises:
        CannotKeepError: The bytes can't be written.
        WrongDatasetError: There are more bytes than the limit.
        SilentError: The host doesn't answer.
        CutError, DeliveryError: The address doesn't deliver.
    """
    resuming, trusted, silences = True, True, 0
    resumed = False
    with Progress(address.name) as progress:
        for _ in range(_RESUMPTIONS + 1):
            before = partial.size
            resuming = resuming and before < limit and bool(partial.validator(address))
            resumed = resumed or resuming
            try:
                _transfer(address, partial, limit, progress, resuming)
                return resumed
            except (DeliveryError, CutError, SilentError, WrongDatasetError) as error:
                failure = error
            silences += isinstance(failure, SilentError | StalledError)
            gained = partial.size - (before if resuming else 0)
            least = _SLOWEST * _PATIENCE if isinstance(failure, StalledError) else 1
            more = (
                isinstance(failure, CutError)
                and gained >= least
                and bool(partial.validator(address))
            )
            if silences == _SILENCES or not (more or (resuming and trusted)):
                break
            resuming, trusted = more, trusted and more
    raise failure


def _transfer(
    address: Address, partial: Partial, limit: int, progress: Progress, resuming: bool
) -> None:
    deadline, headers = Deadline(_PATIENCE), {}
    if resuming and (validator := partial.validator(address)):
        headers = {"Range": f"bytes={partial.size}-", "If-Range": validator}
    with ask(address, headers, deadline) as answer:
        total = _prepare(answer, address, partial)
        if total and total > limit:
            raise WrongDatasetError(
                f"it would send {total:,} bytes, and the file can't have more than {limit:,}"
            )
        for size in _pieces(answer, partial, deadline):
            progress.show(size, total)
            if size > limit:
                raise WrongDatasetError(
                    f"it sent more than the {limit:,} bytes that the file can have"
                )
    if total and partial.size < total:
        raise CutError(
            f"{partial.size:,} bytes came, then the connection ended, of {total:,} expected"
        )


def _prepare(answer: http.client.HTTPResponse, address: Address, partial: Partial) -> int | None:
    """Begin anew unless the answer goes on where the bytes end.

    Returns how many bytes the whole file has, if said.
    """
    packed = answer.headers.get("Content-Encoding", "identity").lower()
    # some servers say gzip of every .gz file
    if packed != "identity" and not address.name.endswith(".gz"):
        raise DeliveryError(f"the server packs the file ({packed}), which nobody asked for")
    if answer.status == http.HTTPStatus.OK:
        partial.begin(address, _validator(answer))
        return answer.length
    rest = re.fullmatch(
        r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)", answer.headers.get("Content-Range") or ""
    )
    same = _validator(answer) in (None, partial.validator(address))
    if (
        answer.status != http.HTTPStatus.PARTIAL_CONTENT
        or not rest
        or int(rest[1]) != partial.size
        or not same
    ):
        raise DeliveryError(
            f"the server answers with status {answer.status}, and not with the file"
        )
    return int(rest[2]) if rest[2] != "*" else None


def _validator(answer: http.client.HTTPResponse) -> str | None:
    """What identifies the file in later requests for its other parts (RFC 9110, If-Range).

    No weak tags.
    """
    if answer.headers.get("Accept-Ranges", "").lower() == "none":
        return None
    tag = answer.headers.get("ETag") or ""
    return tag if tag.startswith('"') else answer.headers.get("Last-Modified")


def _pieces(
    answer: http.client.HTTPResponse, partial: Partial, deadline: Deadline
) -> Iterator[int]:
    """Write what comes; yield how many bytes there are.

    Only the file's own bytes put off the deadline.
    """
    deadline.put_off()
    size = had = partial.size
    while piece := _next_piece(answer, size, had, deadline):
        partial.write(piece)
        size += len(piece)
        if size - had >= _SLOWEST * deadline.seconds:
            deadline.put_off()
            had = size
        yield size


def _next_piece(answer: http.client.HTTPResponse, size: int, had: int, deadline: Deadline) -> bytes:
    try:
        return answer.read1(_PIECE)
    except SilentError:
        slow = f"only {size - had:,} bytes came in {deadline.seconds:g} seconds, too slow to go on"
        failure: CutError = StalledError(f"{size:,} bytes came, then {slow}")
    except http.client.IncompleteRead:  # of a chunk
        failure = CutError(f"{size:,} bytes came, then the connection ended")
    except Exception as error:
        failure = CutError(f"{size:,} bytes came, then {reason(error)}")
    raise failure
