"""Keep what is secret in this process's environment out of what is written into a site."""

import html
import json
import os
import re
import urllib.parse
from collections.abc import Iterator, Mapping

_SHORTEST = 8  # what is shorter stands in texts by chance
_NAMES_A_SECRET = re.compile(  # PWD and OLDPWD are folders, AUTHOR is a person
    r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|COOKIE|PRIVATE|AUTH(?!OR(?!I))|(?<=.)(?<!^OLD)PWD",
    re.IGNORECASE,
)
_IN_AN_ADDRESS = re.compile(r"://[^/\s@:]*:([^/\s@]+)@")


def find_secret(content: str | bytes, environment: Mapping[str, str] = os.environ) -> str | None:
    """The name of an environment variable whose secret stands in a content, or None.

    A variable is taken for secret by its name, such as `API_TOKEN`, or for a password in the
    address that it holds. It is looked for as it is and as JSON, XML, Python or an address would
    spell it.

    Examples:
        >>> find_secret("it is hunter2hunter2", {"MY_PASSWORD": "hunter2hunter2"})
        'MY_PASSWORD'
        >>> find_secret("it is hunter2hunter2", {"MY_ANIMAL": "hunter2hunter2"})
    """
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    for name, secret in _secrets(environment):
        if any(spelt.encode("utf-8", "surrogateescape") in data for spelt in _spellings(secret)):
            return name
    return None


def refuse_secrets(content: str | bytes, place: str) -> None:
    """Raise where a content has a secret of this process.

    Raises:
        ValueError: it has; the variable is named, its value isn't.
    """
    if name := find_secret(content):
        raise ValueError(
            f"{place} would show the value of the environment variable {name}, which sounds "
            "secret; unset it"
        )


def _secrets(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in sorted(environment.items()):
        found = _IN_AN_ADDRESS.findall(value)
        if _NAMES_A_SECRET.search(name):
            found.append(value.strip())
        yield from ((name, secret) for secret in found if len(secret) >= _SHORTEST)


def _spellings(secret: str) -> set[str]:
    as_json = {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    as_address = {
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        urllib.parse.unquote(secret),
    }
    as_xml = {html.escape(secret, quote=quote) for quote in (True, False)}
    return {secret, repr(secret)[1:-1]} | as_json | as_xml | as_address
