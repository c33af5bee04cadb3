"""What stands at the end of a page and of its files: the page that it grew from."""

from urllib.parse import urlsplit

from tf2docs.pages.reading.page import Page
from tf2docs.pages.showing.words import WORDS


def at_end(page: Page, language: str) -> list[str]:
    """The Markdown lines that credit the `source` of a page's front matter; none without one."""
    credit = credit_of(page, language)
    return ["", credit, "{ .tf2-facts .tf2-credit data-search-exclude }", ""] if credit else []


def credit_of(page: Page, language: str) -> str:
    """The sentence, in Markdown, that credits the `source` of a page; empty without one."""
    source = page.meta.get("source")
    if not source:
        return ""
    return WORDS[language]["credit"].format(name=short_name(str(source)), address=source)


def short_name(address: str) -> str:
    """An address as readers recognise it: where, and which page there.

    Examples:
        >>> short_name("https://www.tensorflow.org/guide/tensor")
        'tensorflow.org/guide/tensor'
        >>> short_name("https://mp.weixin.qq.com/s?__biz=MzA3&mid=26#rd")
        'mp.weixin.qq.com/s'
    """
    parts = urlsplit(address)
    return f"{parts.netloc.removeprefix('www.')}{parts.path}".rstrip("/")
