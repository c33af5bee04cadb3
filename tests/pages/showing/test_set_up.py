"""The set-up names what this very site hands out, for each system.

It says only once where it is.
"""

import html
import re

import markdown
import pytest

from tf2docs.pages.downloads.cells import Place, cut
from tf2docs.pages.downloads.commands import START, from_site
from tf2docs.pages.downloads.package import Package
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.showing.set_up import install_fence, set_up

HOSTED, FILE = Package("tf2docs", "https://example.org/d/"), Package("tf2docs")
WHEEL = "../downloads/it.whl"
FENCE = '```install\npython3 -m venv .venv\n.venv/bin/pip install ".[cuda]" notebook\n```\n'
FENCES = [{"name": "install", "class": "install", "format": install_fence}]


def shown(text, package, language="en"):
    told = {"project": package.project, "site": package.site} if package else {}
    configs = {
        "tf2docs.pages.showing.extension": {
            "package": told,
            "wheel": WHEEL,
            "language": language,
        },
        "pymdownx.superfences": {"custom_fences": FENCES},
    }
    return markdown.markdown(text, extensions=list(configs), extension_configs=configs)


def commands(page):
    return [html.unescape(code) for code in re.findall(r"<code[^>]*>(.*?)</code>", page, re.DOTALL)]


def test_a_hosted_site_names_its_address_for_each_system():
    unix, windows = commands(shown(FENCE, HOSTED))[:2]
    required = f'"tf2docs[cuda] @ https://example.org/d/downloads/{HOSTED.wheel}"'
    assert unix == f"python3 -m venv .venv\n.venv/bin/pip install {required} notebook\n"
    assert windows == f"py -m venv .venv\n.venv\\Scripts\\pip install {required} notebook\n"


def test_without_an_address_the_file_is_linked_first():
    page = shown(FENCE, FILE)
    assert page.index(f'href="{WHEEL}" download') < page.index("<pre>")
    assert f'install "./{FILE.wheel}[cuda]" notebook' in commands(page)[0]


def test_another_site_shows_the_commands_as_they_stand():
    assert commands(shown(FENCE, None)) == [FENCE.split("\n", 1)[1].removesuffix("```\n")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_mirrors_are_named_once_and_in_chinese(language):
    page = shown(FENCE + "\n" + FENCE.replace("cuda", "cpu"), HOSTED, language)
    assert page.count("pypi.tuna.tsinghua.edu.cn") == (language == "zh")
    assert page.count(f'href="{WHEEL}" download') == 1


def test_commands_for_linux_alone_and_for_every_system_stand_once():
    linux = FENCE.replace("```install", "```install {.linux}")
    everywhere = '```install\npip install ".[cpu]"\n```\n'
    assert len(re.findall("<pre>", shown(linux, HOSTED))) == 1
    page = shown(everywhere, HOSTED)
    assert len(re.findall("<pre>", page)) == 1 and "Linux, macOS, Windows" in page


def test_a_lesson_has_the_set_up_closed_unless_its_page_has_one(tmp_path):
    lesson = tmp_path / "lesson.md"
    lesson.write_text("# A\n\n```python\n1\n```\n")
    page = read_page(lesson, "lesson.md")
    closed = set_up(page, "en", HOSTED, WHEEL, "../start/install/")
    assert closed.startswith("<details") and " open" not in closed.split(">")[0]
    assert 'href="../start/install/"' in closed and from_site(START, HOSTED).splitlines()[1] in (
        html.unescape(closed)
    )
    assert set_up(page, "en", None, "", "") == ""
    lesson.write_text(f"# A\n\n{FENCE}\n```python\n1\n```\n")
    assert set_up(read_page(lesson, "lesson.md"), "en", HOSTED, WHEEL, "") == ""


def test_a_notebook_has_the_commands_with_the_address(tmp_path):
    lesson = tmp_path / "lesson.md"
    lesson.write_text(f"# A\n\n{FENCE}")
    (cell,) = cut(read_page(lesson, "lesson.md"), Place("lesson.md", package=HOSTED))
    assert f"```bash\n{from_site(FENCE.split(chr(10), 1)[1], HOSTED).rstrip()}" in cell.text
