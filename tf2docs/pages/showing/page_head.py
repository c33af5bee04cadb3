"""What a page's head tells machines: how a link to it looks elsewhere, its languages, what it is.

An address that others are to follow must be whole, so what needs one is left out of a site that
isn't told its own.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from tf2docs.pages.showing.history import Dates

THEME_COLOUR = "#103c3f"  # of the browser's frame: that of the page's header, see site.css
_LOCALES = {"zh": "zh_CN", "en": "en_US"}
_FALLBACK = "en"  # the language for readers of neither
_LICENCE = "https://opensource.org/license/mit"


@dataclass(frozen=True)
class Described:
    """A page, as its head describes it.

    Attributes:
        title: The page's title.
        description: What it is about.
        site_name: The site's name.
        language: Its language.
        address: Its whole address, and those of its twins by language; empty without a site's.
        home: The whole address of its language's front page.
        card: The whole address of its card.
        dates: When it came and when it last changed, as far as that is known.
        minutes: How long the lesson takes; None for a page that is no lesson.
        tags: The lesson's topics.
        above: The pages above it, as pairs of name and whole address, the front page first.
    """

    title: str
    description: str
    site_name: str
    language: str
    address: str = ""
    twins: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    card: str = ""
    dates: Dates | None = None
    minutes: int | None = None
    tags: tuple[str, ...] = ()
    above: tuple[tuple[str, str], ...] = ()


def head_of(page: Described) -> str:
    """The elements of a page's head, as HTML."""
    return "\n    ".join([*_links(page), *_properties(page), *_data(page)])


def _links(page: Described) -> Iterator[str]:
    """The page in other languages.

    The space before `alternate` means nothing in HTML, but keeps Material's script from asking for
    a sitemap at each of these addresses: it looks for the bare word.
    """
    if not page.address:
        return
    every = dict(page.twins)
    if _FALLBACK in every:
        every["x-default"] = every[_FALLBACK]
    for language, address in every.items():
        yield f'<link rel=" alternate" hreflang="{language}" href="{escape(address)}">'
    if page.dates:  # otherwise nobody knows which lessons are new
        feed = escape(f"{page.home}feed.xml")
        about = f'type="application/atom+xml" title="{escape(page.site_name)}"'
        yield f'<link rel=" alternate" {about} href="{feed}">'


def _properties(page: Described) -> Iterator[str]:
    """Open Graph, which most that show links read, and X's own word for a large picture."""
    yield f'<meta name="theme-color" content="{THEME_COLOUR}">'
    properties = {
        "og:type": "website" if page.minutes is None else "article",
        "og:title": page.title,
        "og:description": page.description,
        "og:site_name": page.site_name,
        "og:locale": _LOCALES.get(page.language, page.language),
        "og:url": page.address,
        "og:image": page.card,
        "og:image:width": "1200" if page.card else "",
        "og:image:height": "630" if page.card else "",
        "og:image:alt": page.title if page.card else "",
    }
    for name, value in properties.items():
        if value:
            yield f'<meta property="{name}" content="{escape(value)}">'
    size = "summary_large_image" if page.card else "summary"
    yield f'<meta name="twitter:card" content="{size}">'


def _data(page: Described) -> Iterator[str]:
    """What the page is, in the words of schema.org."""
    if page.address:
        for thing in filter(None, (_article(page), _breadcrumbs(page))):
            thing = {"@context": "https://schema.org", **thing}
            text = json.dumps(thing, ensure_ascii=False).replace("<", "\\u003c")
            yield f'<script type="application/ld+json">{text}</script>'


def _article(page: Described) -> dict[str, object]:
    if page.minutes is None:
        return {}
    dates = page.dates or Dates("", "")
    publisher = {"@type": "Organization", "name": page.site_name, "url": page.home}
    article = {
        "@type": "TechArticle",
        "headline": page.title,
        "description": page.description,
        "inLanguage": page.language,
        "url": page.address,
        "image": page.card,
        "datePublished": dates.added,
        "dateModified": dates.changed,
        "timeRequired": f"PT{page.minutes}M",
        "keywords": list(page.tags),
        "license": _LICENCE,
        "isAccessibleForFree": True,
        "author": publisher,
        "publisher": publisher,
    }
    return {name: value for name, value in article.items() if value != "" and value != []}


def _breadcrumbs(page: Described) -> dict[str, object]:
    if not page.above:
        return {}
    way = [*page.above, (page.title, page.address)]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(way, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}
