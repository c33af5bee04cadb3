"""What a configuration of MkDocs says of pages, and which links lead nowhere."""

import pytest

from tf2docs.pages.errors import PageError
from tf2docs.pages.linting.dead_links import absent_from_navigation, dead_links
from tf2docs.pages.reading.navigation import read_navigation
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.site import Site


@pytest.fixture
def site(tmp_path):
    """A site of one page in one language."""
    (tmp_path / "docs" / "en").mkdir(parents=True)
    return Site(tmp_path / "docs", languages=("en",))


@pytest.fixture
def write(site):
    def write(name, text):
        path = site.docs / "en" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return read_page(path, f"docs/en/{name}")

    return write


def configure(site, text):
    (site.docs.parent / "mkdocs.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("nav", "pages"),
    [
        ("nav: [a.md, b/c.md]", {"a.md": 1, "b/c.md": 1}),
        (
            "nav:\n  - a.md\n  - Part:\n      - B: b.md\n      - Deep: {C: c.md}",
            {"a.md": 2, "b.md": 4, "c.md": 5},
        ),
        ("nav:\n  - https://example.org\n  - folder/", {}),
        ("nav:", {}),
        ("x: !!python/name:os.system\ny: !ENV [Z, null]\nnav: [a.md]", {"a.md": 3}),
        ("theme: {nav: [a.md]}", None),
        ("[a.md]", None),
        ("", None),
    ],
)
def test_the_pages_of_a_navigation_are_found_with_their_lines(site, nav, pages):
    configure(site, nav)
    assert read_navigation(site) == pages


def test_a_site_without_configuration_has_no_navigation(site):
    assert read_navigation(site) is None


def test_a_configuration_that_is_not_yaml_is_told_at_its_line(site):
    configure(site, "a: 1\nnav: [a.md")
    with pytest.raises(PageError, match=r"mkdocs\.yml:\d: this isn't YAML"):
        read_navigation(site)


@pytest.mark.parametrize(
    ("nav", "absent"),
    [
        ("nav: [b/a.md]", False),
        ("nav: [en/b/a.md]", False),
        ("nav: [a.md]", True),
        ("nav:", True),
        ("x: 1", False),
    ],
)
def test_a_page_stands_in_the_navigation_by_its_path_in_a_language(site, write, nav, absent):
    configure(site, nav)
    assert bool(list(absent_from_navigation(site, write("b/a.md", "# A { #a }\n")))) is absent


OTHER = """\
# B { #b }
![a plot](c.svg){ #plot width="300" }
<a id="here"></a>
::: lessons.sums
"""


@pytest.mark.parametrize(
    ("target", "dead"),
    [
        ("b.md", False),
        ("b.md#b", False),
        ("b.md#plot", False),
        ("b.md#here", False),
        ("b.md#lessons.sums.running_sums", False),
        ("b%20c.md", True),
        ("b.md#c", True),
        ("b.md#lessons.products", True),
        ("#a", False),
        ("#b", True),
        ("a/", True),
        ("../b.md", True),
        ("https://example.org/b.md#c", False),
        ("mailto:a@example.org", False),
        ("../assets/figures/a/one.svg", True),
    ],
)
def test_a_link_leads_to_a_file_and_a_place_in_it(write, target, dead):
    write("b.md", OTHER)
    assert bool(list(dead_links(write("a.md", f"# A {{ #a }}\n\n[see]({target})\n")))) is dead


def test_figures_are_left_to_their_own_checks_and_other_pictures_are_not(write):
    page = write("a.md", "![figure](../assets/figures/a/one.svg) ![photo](../assets/photo.png)\n")
    assert [problem.message.split()[3] for problem in dead_links(page)] == ["../assets/photo.png"]


def test_where_nothing_is_run_a_figure_that_is_not_there_is_a_dead_link_too(site, write):
    page = write(
        "a.md", "![figure](../assets/figures/a/one.svg)\n![figure](../assets/figures/a/two.svg)\n"
    )
    figure = site.figure("a", "one")
    figure.parent.mkdir(parents=True)
    figure.touch()
    (problem,) = dead_links(page, made=True)
    assert (problem.line, problem.message.partition("; ")[2]) == (
        2,
        "run pytest --refresh docs/en/a.md",
    )


@pytest.mark.parametrize(
    ("target", "mend"),
    [
        ("c.md#x", "there is no such file; put one at docs/en/c.md, or name another"),
        ("../x/c.svg", "there is no such file; put one at docs/x/c.svg, or name another"),
        ("b.md#hear", "nothing there is called so; is it #here?"),
        (
            "b.md#zzz",
            "nothing there is called so; end a heading of docs/en/b.md with { #zzz }, or name "
            "another",
        ),
        (
            "#zzz",
            "nothing there is called so; end a heading of docs/en/a.md with { #zzz }, or name "
            "another",
        ),
    ],
)
def test_a_dead_link_says_how_to_mend_it(write, target, mend):
    write("b.md", OTHER)
    (problem,) = dead_links(write("a.md", f"# A {{ #a }}\n\n[see]({target})\n"))
    assert problem.line == 3
    assert problem.message == f"the link to {target} leads nowhere: {mend}"


def test_a_link_to_a_file_that_a_block_is_about_to_write_is_no_dead_one(write):
    block = '```python {data-keeps="a.bin"}\nx\n```\n'
    page = write(
        "a.md", f"[kept](../assets/files/a/a.bin) [not](../assets/files/a/b.bin)\n\n{block}"
    )
    assert [problem.message.split()[3] for problem in dead_links(page)] == [
        "../assets/files/a/b.bin"
    ]
