"""What stands at a page's end."""

import markdown
import pytest

from tf2docs.pages.reading.page import read_page
from tf2docs.pages.showing.lesson_foot import at_end


@pytest.fixture
def page_from(tmp_path):
    """Read a page that grew from an address."""

    def read(source):
        path = tmp_path / "page.md"
        path.write_text(f"---\ntitle: A page\n{source}\n---\n\n# A page\n", encoding="utf-8")
        return read_page(path, "page.md")

    return read


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_credit_leads_to_the_source_and_stays_out_of_the_search(page_from, language):
    page = page_from("source: https://mp.weixin.qq.com/s?__biz=Mz==&mid=(1)")
    html = markdown.markdown("\n".join(at_end(page, language)), extensions=["attr_list"])
    assert 'href="https://mp.weixin.qq.com/s?__biz=Mz==&amp;mid=(1)"' in html
    assert ">mp.weixin.qq.com/s</a>" in html
    assert "data-search-exclude" in html


def test_a_page_without_a_source_credits_nobody(page_from):
    assert at_end(page_from("description: Ours alone"), "en") == []
