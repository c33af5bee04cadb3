"""A feed of lessons, the newest first, for readers who want to know what is new."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

_ATOM = "http://www.w3.org/2005/Atom"
_ENTRIES = 30


@dataclass(frozen=True)
class Entry:
    """A lesson in the feed.

    Attributes:
        title: The lesson's title.
        description: What it is about.
        address: Its whole address.
        added: When it came, as an ISO date with time and zone.
    """

    title: str
    description: str
    address: str
    added: str


def atom_feed(title: str, home: str, language: str, entries: Iterable[Entry]) -> str:
    """The feed as Atom.

    A lesson that is mended doesn't come up again, so it counts as changed when it was added.

    Args:
        title: What the feed is called.
        home: The whole address of the language's front page; the feed lies beside it.
        language: The language.
        entries: All lessons, in any order.
    """
    newest = sorted(entries, key=lambda entry: (entry.added, entry.address), reverse=True)
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    address = f"{home}feed.xml"
    _add(feed, "id", address)
    _add(feed, "title", title)
    _add(feed, "updated", newest[0].added if newest else "1970-01-01T00:00:00Z")
    _add(_add(feed, "author"), "name", title)
    _add(feed, "link", rel="self", href=address)
    _add(feed, "link", href=home)
    for entry in newest[:_ENTRIES]:
        element = _add(feed, "entry")
        _add(element, "id", entry.address)
        _add(element, "title", entry.title)
        _add(element, "link", href=entry.address)
        _add(element, "published", entry.added)
        _add(element, "updated", entry.added)
        _add(element, "summary", entry.description)
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _add(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text or None
    return element
