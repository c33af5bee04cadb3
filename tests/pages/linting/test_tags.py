"""A tag leads from one page to others, under one id in both languages."""

import pytest

from tf2docs.pages.linting.tag_rules import problems_of_tags
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.tags import tagged

TAGS = {
    "zh/tags": "# 主题 { #tags }\n\n## 训练 { #training }\n\n```lessons\n#training\n```\n",
    "en/tags": "# Topics { #tags }\n\n## Training { #training }\n\n```lessons\n#training\n```\n",
}
PAGES = {"zh/a": "[训练]", "en/a": "[training]", "zh/b/c": "[训练]", "en/b/c": "[training]"}


@pytest.fixture
def problems(tmp_path):
    """Write pages, some of them changed, and find what is wrong with their tags."""

    def problems(tags=TAGS, **changed):
        pages = PAGES | {name.replace("_", "/"): value for name, value in changed.items()}
        texts = {
            name: f"---\ntitle: T\ntags: {value}\n---\n\n# T {{ #t }}\n"
            for name, value in pages.items()
        }
        for name, text in (texts | tags).items():
            path = tmp_path / "docs" / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        site = Site(tmp_path / "docs")
        paths = [path for language in site.languages for path in site.paths(language)]
        return [
            str(problem) for path in paths for problem in problems_of_tags(site, site.read(path))
        ]

    return problems


def test_tags_with_a_section_and_two_pages_are_in_order(problems):
    assert problems() == []


def test_a_tag_without_a_section_is_named_with_its_line(problems):
    unknown, *_ = problems(zh_a="[训练, 调参]", en_a="[training, tuning]")
    assert unknown.startswith(
        "docs/zh/a.md:3: the tag '调参' is no heading of docs/zh/tags.md; write `## 调参 {"
    )


def test_tags_that_are_no_list_are_named(problems):
    assert "docs/zh/a.md:3: `tags` must be a list; write tags: [one, another]" in problems(
        zh_a="训练"
    )


def test_another_tag_in_the_other_language_is_a_problem_of_both_pages(problems):
    found = problems(en_a="[]")
    assert (
        "docs/zh/a.md:3: the tags are 训练 (#training), in docs/en/a.md none; give both the same"
        in found[0]
    )
    assert "docs/en/a.md:3: the tags are none, in docs/zh/a.md 训练 (#training)" in "\n".join(found)


def test_a_tag_of_one_page_leads_nowhere(problems):
    (zh, en) = problems(zh_a="[]", en_a="[]")
    assert zh.startswith("docs/zh/tags.md:3: the tag '训练' is on 1 pages; give it to another")
    assert en.startswith("docs/en/tags.md:3: the tag 'Training' is on 1 pages")


def test_a_section_that_shows_no_pages_is_a_problem(problems):
    zh, _ = problems(
        tags={name: text.replace("\n#training\n", "\na\n") for name, text in TAGS.items()}
    )
    assert zh.startswith(
        "docs/zh/tags.md:3: the pages with the tag '训练' aren't shown; write a `lessons` fence"
    )


def test_on_a_site_without_the_page_tags_are_free_but_as_many_in_both_languages(problems):
    assert problems(tags={}, zh_a="[甲]", en_a="[one]") == []
    assert len(problems(tags={}, zh_a="[甲, 乙]", en_a="[one]")) == 2


def test_the_pages_with_a_tag_stand_in_the_order_of_the_navigation(problems, tmp_path):
    problems()
    site = Site(tmp_path / "docs")
    assert tagged(site, "en", "Training") == ["a", "b/c"]
    (tmp_path / "mkdocs.yml").write_text("nav: [b/c.md, a.md]")
    assert tagged(site, "en", "Training") == ["b/c", "a"]
    assert tagged(site, "zh", "Training") == []
