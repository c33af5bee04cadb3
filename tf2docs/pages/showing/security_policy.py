"""What a page may load and run, said by the page itself.

Nothing but what the site brought, and no other script.

A server could say so in a header, but this site is also served by ones that nobody can set up, and
read from folders.
"""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)
_STYLE_ATTRIBUTE = re.compile(r"<[a-z][^<>]*?\sstyle=\"([^\"]*)\"")
_DATA = re.compile(r'\btype="application/(ld\+)?json"')
_CHARSET = '<meta charset="utf-8">'


def with_policy(html: str, *, folder: bool) -> str:
    """The page with its policy at the head of its head, where it holds for all that follows.

    Args:
        html: The page, as it will be written.
        folder: Whether the site is read from a folder; there `'self'` isn't the site in each
            browser.

    Examples:
        >>> page = '<meta charset="utf-8"><script>start()</script>'
        >>> "script-src 'self' 'sha256-DIm7WJS6" in with_policy(page, folder=False)
        True
    """
    own = "'self' file:" if folder else "'self'"
    scripts = [
        text
        for attributes, text in _SCRIPT.findall(html)
        if "src=" not in attributes and not _DATA.search(attributes)
    ]
    attributes = [unescape(each) for each in _STYLE_ATTRIBUTE.findall(html)]
    by_attribute = ["'unsafe-hashes'", *_hashes(attributes)] if attributes else []
    allowed = {
        "default-src": ["'none'"],
        "script-src": [own, *_hashes(scripts)],
        "style-src": [own, *_hashes(_STYLE.findall(html)), *by_attribute],
        "img-src": [own, "data:"],  # the theme's and our icons
        "font-src": [own],
        "connect-src": [own],  # the index of the search
        "worker-src": [own],  # the search
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    policy = "; ".join(f"{kind} {' '.join(sources)}" for kind, sources in allowed.items())
    metas = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer">'
    )
    return html.replace(_CHARSET, _CHARSET + metas, 1)


def _hashes(texts: list[str]) -> list[str]:
    """What allows each text, and no other, once and in the order of the page."""
    digests = (b64encode(sha256(text.encode()).digest()).decode() for text in texts)
    return [f"'sha256-{digest}'" for digest in dict.fromkeys(digests)]
