"""What the front page shows is what pytest says.

Of a page that TensorFlow 2.15 recorded, and of that page mended.
"""

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tf2docs.pages.reading.page import read_page
from tf2docs.pages.showing.terminal import read_scene
from tf2docs.pages.testing.installed_versions import installed_versions

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="TensorFlow isn't installed"
)

DOCS = Path(__file__).parents[2] / "docs"
OUTDATED = Path(__file__).parent / "outdated"
LANGUAGES = ("zh", "en")
FRONT = {
    language: read_page(DOCS / language / "index.md", f"docs/{language}/index.md")
    for language in LANGUAGES
}
FENCES = {
    name: [fence for fence in page.fences if fence.language == "pytest"]
    for name, page in FRONT.items()
}
RED, GREEN = (
    {name: read_scene(fences[place].text) for name, fences in FENCES.items()} for place in (0, 1)
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What pytest prints of the page as it was, and mended: run as the Chinese front page says."""
    site = tmp_path_factory.mktemp("outdated")
    shutil.copytree(OUTDATED, site, dirs_exist_ok=True)
    red = run(site, RED["zh"].command)
    for name in LANGUAGES:
        mend(site / "docs" / name / "lesson.md", RED[name].code, GREEN[name].code)
    run(site, "pytest --refresh docs")
    return {"red": red, "green": run(site, GREEN["zh"].command)}


def run(site, command):
    """What a command prints, line by line.

    Bars, seconds and spaces that only fill a line are left out.
    """
    options = ["-p", "no:cacheprovider", "--color=no"]
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command), *options],
        cwd=site,
        capture_output=True,
        text=True,
        timeout=120,
    )
    lines = (
        re.sub(r"=+ (.*) in [\d.]+s( \([\d:]+\))? =+", r"\1", line)
        for line in done.stdout.splitlines()
    )
    return [re.sub(r"(?<=\S)  +", "  ", line) for line in lines]


def mend(page, old, new):
    """Put the lines of the mended block in the place of the old ones."""
    lines = page.read_text(encoding="utf-8").splitlines()
    assert {number: lines[number - 1] for number in old} == old, f"not the lines of {page.name}"
    assert new.keys() == old.keys()
    for number, line in new.items():
        lines[number - 1] = line
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("colour", ["red", "green"])
def test_every_line_shown_is_printed_in_this_order(printed, colour):
    scene = {"red": RED, "green": GREEN}[colour]["zh"]
    rest = iter(printed[colour])
    for line in scene.said:
        assert line in rest, "\n".join(
            [f"not printed, or not there: {line!r}; it printed", *printed[colour]]
        )
    assert scene.passed == (colour == "green")


@pytest.mark.parametrize("scenes", [RED, GREEN], ids=["red", "green"])
def test_both_languages_show_the_same_of_their_own_page(scenes):
    zh, en = (scenes[name] for name in LANGUAGES)
    assert zh.code == en.code
    said = "\n".join([zh.command, *zh.said])
    assert said.replace("docs/zh/lesson.md", "docs/en/lesson.md").splitlines() == [
        en.command,
        *en.said,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_marked_line_is_the_one_that_failed_and_the_one_that_was_mended(language):
    old, new = RED[language].code, GREEN[language].code
    (changed,) = (number for number in old if old[number] != new[number])
    assert [list(old)[int(fence.options["hl_lines"]) - 1] for fence in FENCES[language]] == [
        changed,
        changed,
    ]
    assert any(f"lesson.md:{changed}: " in line for line in RED[language].said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_versions_named_are_the_recorded_and_the_installed_one(language):
    recorded = json.loads((OUTDATED / "docs/records/lesson.json").read_text(encoding="utf-8"))[
        "versions"
    ]["tensorflow"]
    caption = FRONT[language].text.partition("<figcaption>")[2].partition("</figcaption>")[0]
    assert re.findall(r"TensorFlow ([\d.]+\d)", caption) == [minor(recorded)]
    installed = installed_versions(("tensorflow",))["tensorflow"]
    assert re.findall(r"TensorFlow ([\d.]+\d)", FENCES[language][0].options["title"]) == [
        minor(installed)
    ]


def minor(version):
    return ".".join(version.split(".")[:2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_as_many_blocks_and_damages_as_it_says(language):
    blocks, damages = (
        int(number.replace(",", ""))
        for number in re.findall(r"\*\*([\d,]+)\+\*\*", FRONT[language].text)
    )
    pages = [read_page(path, path.name) for path in (DOCS / language).rglob("*.md")]
    assert sum(len(page.blocks) for page in pages) >= blocks
    comparison = json.loads((DOCS / "records/comparison.json").read_text(encoding="utf-8"))
    assert comparison["counts"]["tf2docs"]["caught"] == comparison["damages"] >= damages


COUNTED = re.compile(r"\| (?P<pages>\d+) \| (?P<stale>\d+) \| (?P<share>\d+)%<!-- fact --> \|")


def counted(language):
    """What was counted of each language's pages, the reader's own first.

    Pages with code, stale ones, their share in percent.
    """
    text = (DOCS / language / "guides" / "counted.md").read_text(encoding="utf-8")
    return [
        tuple(map(int, found.group("pages", "stale", "share"))) for found in COUNTED.finditer(text)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_shares_of_stale_pages_are_those_of_their_counts(language):
    assert len(counted(language)) == 2
    assert all(share == round(100 * stale / pages) for pages, stale, share in counted(language))
    assert set(counted(language)) == set(counted("zh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_leads_with_the_share_in_its_own_language(language):
    (line,) = (line for line in FRONT[language].text.splitlines() if "guides/counted.md" in line)
    pages, stale, share = counted(language)[0]
    assert line.startswith(f"- **{share}%<!-- fact -->**")
    for pages, stale, share in counted(language):
        assert {str(pages), str(stale), str(share)} <= set(re.findall(r"\d+", line))
