"""Ask an address, and follow where it leads: as far as that is safe, and before a deadline."""

import functools
import http.client
import io
import urllib.error
import urllib.request
from http.client import HTTPMessage
from typing import IO, Any

from tf2docs.datasets.addresses import Address, read_address
from tf2docs.datasets.connecting import timely
from tf2docs.datasets.deadlines import Deadline, SilentError
from tf2docs.datasets.hiding import reason

__all__ = ["DeliveryError", "ask"]


class DeliveryError(OSError):
    """An address doesn't deliver. The message says why, without what may be secret."""


def ask(address: Address, headers: dict[str, str], deadline: Deadline) -> http.client.HTTPResponse:
    """Ask an address for a file, up to the beginning of the answer's body.

    What the standard library raises may repeat logins and tokens, in its arguments too. So it is
    replaced, and is neither the cause nor the context of what is raised here.

    Raises:
        SilentError: There is no answer before the deadline.
        DeliveryError: The answer isn't the file.
    """
    try:
        answer: http.client.HTTPResponse = _opener(deadline).open(_request(address, headers))
        return answer
    except urllib.error.HTTPError as error:
        error.close()  # whatever it would say, at any length
        failure: OSError = DeliveryError(reason(error))
    except Exception as error:
        failure = _clean(error, deadline)
    raise failure


def _clean(error: Exception, deadline: Deadline) -> OSError:
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return SilentError(f"no answer in {deadline.seconds:g} seconds")
    return DeliveryError(reason(error))


def _request(address: Address, headers: dict[str, str]) -> urllib.request.Request:
    request = urllib.request.Request(address.url, headers=headers)
    if address.authorization:
        request.add_unredirected_header("Authorization", address.authorization)
    return request


def _opener(deadline: Deadline) -> urllib.request.OpenerDirector:
    """An opener of web addresses only.

    The stock one would follow a redirect to ftp, and open local files.

    A new one each time: a shared one never sees a proxy that is set after its first use.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _Http(deadline),
        _Https(deadline),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


class _Http(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(
            functools.partial(_held, http.client.HTTPConnection, self._deadline), request
        )


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(
            functools.partial(_held, http.client.HTTPSConnection, self._deadline), request
        )


def _held(
    kind: type[http.client.HTTPConnection], deadline: Deadline, host: str, **options: Any
) -> http.client.HTTPConnection:
    return timely(kind(host, **options), deadline)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects to the web alone.

    Never from https to http, and without reading what a redirect says besides.
    """

    def http_error_302(
        self,
        request: urllib.request.Request,
        answer: IO[bytes],
        code: int,
        said: str,
        headers: HTTPMessage,
    ) -> Any:
        answer.close()
        return super().http_error_302(request, io.BytesIO(), code, said, headers)

    # what comes is given by its place, so its names may differ
    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302  # type: ignore[assignment]

    def redirect_request(
        self,
        request: urllib.request.Request,
        answer: IO[bytes],
        code: int,
        said: str,
        headers: HTTPMessage,
        target: str,
    ) -> urllib.request.Request | None:
        try:
            address = read_address(target)
        except ValueError:
            raise DeliveryError("it redirects to something that is no address of the web") from None
        if request.type == "https" and address.parts.scheme == "http":
            raise DeliveryError("it redirects from https to http, where others could read along")
        followed = super().redirect_request(request, answer, code, said, headers, address.url)
        login = address.authorization or self._kept_login(request, address)
        if login and followed:
            followed.add_unredirected_header("Authorization", login)
        return followed

    @staticmethod
    def _kept_login(request: urllib.request.Request, address: Address) -> str | None:
        """The login of the request, for the same server alone."""
        same = read_address(request.full_url).origin == address.origin
        return request.unredirected_hdrs.get("Authorization") if same else None
