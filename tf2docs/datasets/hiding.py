"""Say what went wrong in a line, without the passwords and tokens that an address may hold."""

import base64
import os
import re
from urllib.parse import unquote
from urllib.request import getproxies

__all__ = ["hidden", "reason"]

_LONGEST = 300  # characters; a server may send any length as its reason
_SHORTEST = 3  # characters; what is shorter occurs in ordinary words
_LOGIN = re.compile(r"//\S*@")
_QUERY = re.compile(r"\?[^\s'\"]+")
_ASCII = re.compile(r"[!-~]+")
_VALUE = re.compile(r"[?&;]([^\s&;#]+)")


def reason(error: Exception) -> str:
    """What an error says, in one line that can be shown to anybody.

    Examples:
        >>> reason(ValueError("no port: http://me:secret@host/x?token=123"))
        'no port: http://***@host/x?***'
    """
    if isinstance(error, FileNotFoundError) and error.filename:
        return "not there"
    # urllib wraps what the system says
    if isinstance(cause := getattr(error, "reason", None), Exception):
        return reason(cause)
    said = getattr(error, "strerror", None) or str(error)
    if not said or not isinstance(error, OSError | ValueError):
        said = f"{type(error).__name__} {said}"
    line = _printable(hidden(" ".join(said.split())))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def hidden(text: str) -> str:
    """A text without the logins and queries of its addresses.

    Nor with any that the environment holds.

    The latter may stand alone: a server can send back whatever it was sent.

    Examples:
        >>> hidden("ftp://me:secret@host/x is no mirror")
        'ftp://***@host/x is no mirror'
    """
    text = _QUERY.sub("?***", _LOGIN.sub("//***@", text))
    for secret in sorted(_secrets(), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _secrets() -> set[str]:
    found: set[str] = set()
    for address in " ".join([os.environ.get("TF2DOCS_MIRROR", ""), *getproxies().values()]).split():
        before = address.rpartition("@")[0]
        login = before.partition("//")[2] or before
        found |= {login, login.partition(":")[2], *re.split("[:/@#]", login)}
        found.add(base64.b64encode(unquote(login).encode()).decode())
        for value in _VALUE.findall(address):
            found |= {value, value.partition("=")[2]}
    found |= {unquote(secret) for secret in found}
    # what a server sends back may be misread, but for its ASCII
    found |= {part for secret in found for part in _ASCII.findall(secret)}
    return {secret for secret in found if len(secret) >= _SHORTEST}


def _printable(text: str) -> str:
    """The text without what would move a terminal's cursor or can't be encoded."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
