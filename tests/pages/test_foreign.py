"""The harness on a site that isn't ours.

Only what it needs is installed, and settings that collect nothing say so.
"""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tf2docs.pages import Site
from tf2docs.pages.linting.unused_files import find_unused

ROOT = Path(__file__).parents[2]
PAGE = "---\ntitle: A\ndescription: b\n---\n\n# A { #a }\n\nSee [it](#a).\n"
LEAN = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in "markdown latex2mathml pymdownx mkdocs nbformat numpy tensorflow".split():
            raise ModuleNotFoundError(f"No module named {name!r}", name=top)

sys.meta_path.insert(0, Blocked())
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")


def run(folder, *command):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


CONFTEST = """
from pathlib import Path
from tf2docs.pages import Site, pages_as_tests
pytest_collect_file = pages_as_tests(Site(Path(__file__).parent, languages=("en",)))
"""


@pytest.mark.parametrize(
    ("page", "code", "says"),
    [
        (PAGE, 0, "2 passed"),
        (
            PAGE + "\n$x_i$\n",
            1,
            "docs/en/a.md:10: a formula needs latex2mathml; run pip install latex2mathml",
        ),
    ],
    ids=["without formulas", "with one"],
)
def test_pages_are_tested_with_pytest_alone(tmp_path, page, code, says):
    write(tmp_path, {"docs/conftest.py": CONFTEST, "docs/en/a.md": page, "lean.py": LEAN})
    result = run(
        tmp_path,
        "lean.py",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "tf2docs.pages.testing.plugin",
        "docs",
    )
    assert says in result.stdout, result.stdout + result.stderr
    assert result.returncode == code


@pytest.mark.parametrize("languages", [("",), "en", ("en", ""), (".",), ("a/b",), ("..",), (1,)])
def test_languages_that_name_no_folder_are_refused(tmp_path, languages):
    with pytest.raises(ValueError, match="each must be the name of a folder in docs"):
        Site(tmp_path, languages=languages)


def test_a_language_without_pages_is_told(tmp_path):
    write(tmp_path, {"docs/en/a.md": PAGE})
    (problem,) = find_unused(Site(tmp_path / "docs", languages=("en", "fr")))
    assert str(problem) == (
        "docs/conftest.py:1: there is no page in docs/fr; write one, or take 'fr' out of languages"
    )


BLOCK = "\n```python\nprint(1)\n```\n\n```output\n1\n```\n"
MKDOCS = f"""
site_name: Another
hooks: [{ROOT}/tf2docs/pages/showing/hooks.py]
theme: {{name: material, language: en, font: false}}
markdown_extensions:
  - attr_list
  - tf2docs.pages.showing.extension
  - pymdownx.superfences:
      custom_fences:
        - name: output
          class: output
          format: !!python/name:tf2docs.pages.showing.code_fences.output_fence
"""


@pytest.mark.parametrize("folder", ["en", "guide"])
def test_the_site_of_one_language_is_built_without_our_plugins_and_our_package(tmp_path, folder):
    pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")
    write(
        tmp_path,
        {"mkdocs.yml": MKDOCS + f"nav: [{folder}/a.md]\n", f"docs/{folder}/a.md": PAGE + BLOCK},
    )
    result = run(tmp_path, "-m", "mkdocs", "build", "--strict")
    assert result.returncode == 0, result.stderr
    assert "Output" in (tmp_path / "site" / folder / "a" / "index.html").read_text("utf-8")
    assert list((tmp_path / "site").rglob("*.whl")) == []


def test_a_site_without_a_language_s_folder_says_what_to_do(tmp_path):
    pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")
    write(tmp_path, {"mkdocs.yml": MKDOCS, "docs/index.md": PAGE})
    result = run(tmp_path, "-m", "mkdocs", "build", "--strict")
    assert result.returncode == 1
    assert (
        "put all pages into one folder of it, such as en, or use the plugin i18n"
        in result.stderr + result.stdout
    )
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("options", [("--strict",), ("--strict", "--quiet")])
def test_a_strict_build_names_the_page_that_is_wrong_also_where_it_is_quiet(tmp_path, options):
    pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")
    page = PAGE.replace("description: b", "description: b\nminuts: 5")
    write(tmp_path, {"mkdocs.yml": MKDOCS + "nav: [en/a.md]\n", "docs/en/a.md": page})
    result = run(tmp_path, "-m", "mkdocs", "build", *options)
    assert result.returncode == 1
    said = result.stdout + result.stderr
    assert "docs/en/a.md:4: nobody reads 'minuts' in the front matter; is it 'minutes'?" in said


def test_a_strict_build_does_without_a_check_that_its_settings_ignore(tmp_path):
    pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")
    page = PAGE.replace("description: b", "description: b\nminuts: 5")
    settings = MKDOCS + "nav: [en/a.md]\nextra: {ignore: [front-matter]}\n"
    write(tmp_path, {"mkdocs.yml": settings, "docs/en/a.md": page})
    result = run(tmp_path, "-m", "mkdocs", "build", "--strict")
    assert result.returncode == 0, result.stderr
