"""What tests of several pages have in common."""

import re
import shutil

import pytest

FOLDERS = ("zh", "en", "records", "ledger", "assets/figures", "assets/files")


@pytest.fixture
def pages(site):
    """The sample page four times."""
    for name in ("second", "third", "fourth"):
        for path in FOLDERS:
            for file in (site.root / "docs" / path).glob("lesson*"):
                copy = shutil.copytree if file.is_dir() else shutil.copyfile
                copy(file, file.with_name(file.name.replace("lesson", name)))
        for language in ("zh", "en"):
            site.change(f"docs/{language}/{name}.md", "figures/lesson/", f"figures/{name}/")
    site.change("mkdocs.yml", "[lesson.md]", "[lesson.md, second.md, third.md, fourth.md]")
    site.run("--declare-equal").assert_outcomes(passed=8)
    return site


def _verdicts(result):
    lines = (re.sub(r" *\[ *\d+%\]$", "", line) for line in result.stdout.lines)
    return dict(line.split(maxsplit=1) for line in lines if re.match(r"\S+::\S+ (?!- )", line))


@pytest.fixture
def verdicts():
    """Reads what became of each item, by node id and in order, from `pytest -v`."""
    return _verdicts
