"""Addresses of files, which may hold a password or a token and never show it."""

import base64
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from tf2docs.datasets.hiding import hidden

__all__ = ["Address", "read_address"]

# what stays as it is; all else that isn't ASCII, a letter or a digit is quoted
_PATH = "/%:@!$&'()*+,;=~"
_QUERY = _PATH + "?"


@dataclass(frozen=True, repr=False)
class Address:
    """Where a file is.

    As text it is without the login and the query, which only the server should know. A public one
    has neither, and is shown whole: its path may have an @ of its own.

    Examples:
        >>> address = read_address("https://me:secret@host/files/?token=123").below("mnist/labels.gz")
        >>> address
        https://host/files/mnist/labels.gz?***
    """

    parts: SplitResult  # without login
    authorization: str | None = None  # the login, as a request's header of that name has it
    is_public: bool = False

    @property
    def url(self) -> str:
        """The address to ask, with its query."""
        return urlunsplit(self.parts)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.parts.path.rpartition("/")[2]

    @property
    def origin(self) -> tuple[str, str]:
        """What is asked, whatever the path: scheme, and host with port."""
        return self.parts.scheme, self.parts.netloc

    def below(self, path: str) -> "Address":
        """The address of a file below this one."""
        joined = f"{self.parts.path.rstrip('/')}/{quote(path, safe=_PATH)}"
        return replace(self, parts=self.parts._replace(path=joined))

    def __str__(self) -> str:
        return self.url if self.is_public else hidden(self.url)

    __repr__ = __str__


def read_address(text: str, *, is_public: bool = False) -> Address:
    """Read an address of the web.

    Args:
        text: The address.
        is_public: Whether nothing in it is secret, as in those of the table.

    Raises:
        ValueError: It isn't one. The message doesn't repeat it.

    Examples:
        >>> read_address("http://镜像.example/数据")
        http://xn--o1q148n.example/%E6%95%B0%E6%8D%AE
    """
    parts = _split(text)
    if parts is None:
        raise ValueError(
            "expected an address that begins with http:// or https:// and names a host"
        )
    login, _, place = parts.netloc.rpartition("@")
    authorization = f"Basic {base64.b64encode(unquote(login).encode()).decode()}" if login else None
    if parts.hostname and not place.isascii():
        place = place.replace(parts.hostname, parts.hostname.encode("idna").decode())
    path, query = quote(parts.path, safe=_PATH), quote(parts.query, safe=_QUERY)
    read = SplitResult(parts.scheme.lower(), place, path, query, "")
    return Address(read, authorization, is_public)


def _split(text: str) -> SplitResult | None:
    """The parts of an address, or none.

    An exception of the standard library's would repeat the text.
    """
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        parts.hostname and parts.hostname.encode("idna")
    except ValueError:
        return None
    return parts if fits else None
