"""Four sites that aren't ours, each from a conftest of a few lines.

Verdicts are those of plain Python, a second refresh writes nothing, and nothing is set, asked or
said that has to do with TensorFlow.
"""

import json
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from tf2docs.pages import Site
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.prose import Prose

ROOT = Path(__file__).parents[2]
PLUGIN = ("-p", "tf2docs.pages.testing.plugin", "-p", "no:cacheprovider")
OURS = re.compile(r"tensorflow|keras|\bTF_|tf2docs\.datasets|CUDA_", re.IGNORECASE)


@dataclass
class Foreign:
    """A site in a folder of its own, and pytest to run on it in a process of its own."""

    root: Path

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not OURS.search(name) and not name.startswith("TF2DOCS")
        }
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *PLUGIN, *arguments],
            cwd=self.root,
            env=environment | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=300,
        )

    def passes(self, *arguments: str) -> str:
        """What pytest says, which is all well."""
        result = self.pytest(*arguments)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        }


@pytest.fixture
def foreign(tmp_path):
    return Foreign(tmp_path)


def block(code: str) -> str:
    """A page of one block whose output is still empty."""
    head = "---\ntitle: A\ndescription: b\n---\n\n# A { #a }\n\n"
    return f"{head}```python\n{textwrap.dedent(code).strip()}\n```\n\n```output\n```\n"


def conftest(*settings: str) -> str:
    """The file of five lines."""
    return "\n".join(
        [
            "from pathlib import Path",
            "from tf2docs.pages import Site, pages_as_tests",
            "",
            f"SITE = Site({', '.join(['Path(__file__).parent', *settings])})",
            "pytest_collect_file = pages_as_tests(SITE)",
            "",
        ]
    )


FLAT = {
    "docs/conftest.py": conftest("languages=()"),
    "docs/index.md": """\
        ---
        title: Home
        description: Where it begins.
        ---

        # Home { #home }

        See [the guide](guide/first.md#half).
        """,
    "docs/guide/first.md": """\
        ---
        title: First
        description: A first page.
        ---

        # First { #first }

        ## Half { #half }

        ```python
        import os
        print(1 / 2)
        print(sorted(name for name in os.environ if name.startswith(("TF", "KERAS", "CUDA"))))
        ```

        ```output
        ```

        A half is 1<!--= 1 / 2 .1f -->.
        """,
}

TWO = {
    "documentation/conftest.py": conftest('languages=("de", "fr")', "heading_ids=False"),
    "documentation/de/a.md": """\
        ---
        title: Eins
        description: Zwei Wörter.
        ---

        # Eins

        ## Zwei

        ```python
        print(6 * 7)  # das Produkt
        ```

        ```output
        ```
        """,
    "documentation/fr/a.md": """\
        ---
        title: Un
        description: Deux mots.
        ---

        # Un

        ## Deux

        ```python
        print(6 * 7)  # le produit
        ```

        ```output
        ```
        """,
}

MYST = {
    "content/conftest.py": conftest(
        "languages=()",
        "heading_ids=False",
        "descriptions=False",
        'ignore=("front-matter", "unbound")',
        'shown_languages=("", "rst", "note")',
        'ignored_options=("lint", "tags", ".annotate")',
        'working_files=("data/*.csv", "*.txt")',
        'versions=("numpy",)',
    ),
    "content/data/air.csv": "1,2\n3,4\n",
    "content/words.txt": "three words here\n",
    "content/air.md": """\
        ---
        jupytext:
          formats: md:myst
        kernelspec:
          name: python3
        ---

        # Air quality

        Values of 2019 with NumPy 2.1, measured at 3.5 metres; see [how](#reading-the-file)
        and [the end](other.md#whats-left-1).

        ## Reading the file

        ```
        a fence without a language
        ```

        ```note {lint="skip"}
        A note.
        ```

        ```python {.annotate tags="x" lint="skip"}
        from pathlib import Path
        rows = [line.split(",") for line in Path("data/air.csv").read_text().split()]
        print(sum(int(value) for row in rows for value in row))
        ```

        ```output
        ```

        ```python
        print(len(Path("words.txt").read_text().split()))
        Path("words.txt").write_text("gone")
        ```

        ```output
        ```
        """,
    "content/other.md": """\
        # Other

        ## What's left?

        ## What's left 1?
        """,
}

SOURCE = {
    "pyproject.toml": """\
        [tool.pytest.ini_options]
        addopts = ["-p", "tf2docs.pages.testing.plugin"]
        pythonpath = ["src"]
        """,
    "src/shapes/__init__.py": '''\
        """Shapes."""


        def area(width, height):
            """The area of a rectangle."""
            return width * height
        ''',
    "docs/conftest.py": conftest(
        "languages=()", 'packages=("shapes",)', 'symbols={"shapes": "shapes"}'
    ),
    "docs/index.md": """\
        ---
        title: Shapes
        description: Areas.
        ---

        # Shapes { #shapes }

        `shapes.area` multiplies:

        ```source
        shapes.area
        ```

        ```python
        from shapes import area
        print(area(3, 4))
        ```

        ```output
        ```
        """,
}

SITES = {
    "one language, in docs": (FLAT, "docs", {"docs/guide/first.md": ["0.5\n[]", "A half is 0.5<"]}),
    "two languages": (
        TWO,
        "documentation",
        {"documentation/de/a.md": ["```output\n42\n"], "documentation/fr/a.md": ["output\n42\n"]},
    ),
    "converted from MyST": (
        MYST,
        "content",
        {"content/air.md": ["```output\n10\n", "output\n3\n"]},
    ),
    "a package in src": (SOURCE, "docs", {"docs/index.md": ["```output\n12\n"]}),
}


@pytest.fixture(params=SITES)
def site(request, foreign):
    files, docs, written = SITES[request.param]
    foreign.write(files)
    return foreign, docs, written


def test_a_refresh_writes_what_plain_python_prints_and_a_second_writes_nothing(site):
    foreign, docs, written = site
    said = [foreign.passes("--refresh", docs)]
    for name, texts in written.items():
        for text in texts:
            assert text in foreign.read(name)
    before = foreign.files()
    said.append(foreign.passes("--refresh", docs))
    assert foreign.files() == before
    if docs == "documentation":
        said.append(foreign.passes("--declare-equal", docs))
    said.append(foreign.passes("--full", "--device", "cpu", docs))
    assert not [line for text in said for line in text.split("\n") if OURS.search(line)]
    records = [
        json.loads(path.read_bytes()) for path in (foreign.root / docs).rglob("records/**/*.json")
    ]
    assert records
    assert all(record["versions"].keys() <= {"python", "numpy"} for record in records)


YOUR_SITE = read_page(ROOT / "docs/en/guides/your-site.md", "docs/en/guides/your-site.md")


def test_the_site_of_the_guide_does_what_the_guide_says(foreign):
    fences = YOUR_SITE.fences
    files = {fence.options["title"]: fence.text for fence in fences if "title" in fence.options}
    assert len(files) == 4
    assert len(files["docs/conftest.py"].strip().split("\n")) == 5
    foreign.write(files)
    refreshed, changed = (fence.text for fence in fences if fence.language == "console")
    assert refreshed in foreign.passes("--refresh", "docs")
    assert "```output\n12\n```" in foreign.read("docs/areas.md")
    foreign.passes("docs")
    code = foreign.read("src/shapes.py").replace("width * height", "width + height")
    foreign.write({"src/shapes.py": code})
    result = foreign.pytest("docs")
    assert result.returncode == 1
    assert changed in result.stdout


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("print(1)\n1 / 0", "docs/a.md:11: ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(3)", "docs/a.md:11: SystemExit: 3"),
        (
            "import tensorflow_not_here",
            "ModuleNotFoundError: No module named 'tensorflow_not_here'",
        ),
        ("assert 1 == 2, 'no'", "docs/a.md:10: AssertionError: no"),
    ],
)
def test_a_block_that_plain_python_ends_fails_at_its_line(foreign, code, message):
    foreign.write({"docs/conftest.py": conftest("languages=()"), "docs/a.md": block(code)})
    result = foreign.pytest("--refresh", "docs")
    assert result.returncode == 1
    assert message.rpartition(": ")[2] in result.stdout
    assert "```output\n```" in foreign.read("docs/a.md"), "nothing is half written"


def test_outputs_are_written_though_prose_rules_fail(foreign):
    page = block("print(40 + 2)").replace("# A { #a }", "# A\n\nThe loss is 0.731, see [it](b.md).")
    foreign.write({"docs/conftest.py": conftest("languages=()"), "docs/a.md": page})
    result = foreign.pytest("--refresh", "docs")
    assert result.returncode == 1
    assert "```output\n42\n```" in foreign.read("docs/a.md")
    for complaint in (
        "the heading 'A' has no id",
        "'0.731' is bound to nothing",
        "b.md leads nowhere",
    ):
        assert complaint in result.stdout


def test_numbers_count_without_small_data_and_are_masked_with_them(foreign):
    foreign.write({"docs/conftest.py": conftest("languages=()"), "value.py": "VALUE = 0.5\n"})
    read = f"import runpy\nprint(runpy.run_path({str(foreign.root / 'value.py')!r})['VALUE'])"
    foreign.write({"docs/a.md": block(read)})
    foreign.passes("--refresh", "docs")
    foreign.write({"value.py": "VALUE = 0.9\n"})
    assert foreign.pytest("docs").returncode == 1
    masked = conftest("languages=()", "small_data=lambda folder: Data()").replace(
        "import Site", "import Data, Site"
    )
    foreign.write({"docs/conftest.py": masked})
    foreign.passes("docs")
    assert foreign.pytest("--full", "docs").returncode == 1


def test_a_page_finds_the_site_s_environment_and_no_other(foreign):
    page = block("import os\nprint([os.environ.get(n) for n in ('MINE', 'PLACE', 'KERAS_HOME')])")
    settings = "environment={'MINE': '1', 'PLACE': '~/x'}"
    foreign.write({"docs/conftest.py": conftest("languages=()", settings), "docs/a.md": page})
    assert re.search(r"\['1', '/.*/home/x', None\]", foreign.pytest("--refresh", "docs").stdout)


def test_the_device_is_asked_as_the_site_says(foreign):
    page = block("import fractions\nprint(1)")
    site = ("languages=()", "gpu='fractions.Fraction(1) == 1'")
    foreign.write({"docs/conftest.py": conftest("languages=()"), "docs/a.md": page})
    assert (
        "Site(gpu=…) doesn't say how to find one"
        in foreign.pytest("--device", "gpu", "docs").stdout
    )
    foreign.write({"docs/conftest.py": conftest(*site)})
    foreign.passes("--refresh", "docs")
    assert json.loads(foreign.read("docs/records/a.json"))["device"] == "GPU"


def test_a_working_file_that_changed_makes_the_page_run_again(foreign):
    page = block("print(open('data.csv').read())")
    site = conftest("languages=()", "working_files=('*.csv',)")
    foreign.write({"docs/conftest.py": site, "docs/a.md": page, "docs/data.csv": "7"})
    cached = ("-p", "cacheprovider", "docs")
    foreign.passes("--refresh", *cached)
    assert "```output\n7\n```" in foreign.read("docs/a.md")
    foreign.passes(*cached)
    assert "recorded" in foreign.passes("--changed", *cached)
    foreign.write({"docs/data.csv": "8"})
    assert foreign.pytest("--changed", *cached).returncode == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"shown_languages": ("python",)}, "fences called so have a meaning of their own"),
        ({"shown_languages": "sql"}, "give a tuple of them, ('sql',)"),
        ({"ignored_options": "lint"}, "give a tuple of them, ('lint',)"),
        ({"working_files": "*.csv"}, "give a tuple of them"),
        ({"working_files": ("../data/*",)}, "names files below the page's folder"),
        ({"working_files": ("/etc/*",)}, "names files below the page's folder"),
        ({"working_files": ("",)}, "names files below the page's folder"),
        ({"ignore": "names"}, "give a tuple of them"),
    ],
)
def test_settings_that_would_go_wrong_unseen_are_refused(tmp_path, settings, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Site(tmp_path, languages=(), **settings)


def test_hidden_folders_hold_no_pages(tmp_path):
    for name in ("a.md", "b/c.md", ".venv/d.md", "b/.cache/e.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# A\n")
    site = Site(tmp_path, languages=())
    assert [site.name_of(path) for path in site.paths("")] == ["a", "b/c"]


@pytest.mark.parametrize(
    ("words", "anchors"),
    [
        ("Café", {"cafe"}),
        ("What's *new*?", {"whats-new"}),
        ("安装", {"_1"}),
    ],
)
def test_headings_without_ids_have_those_that_markdown_makes(words, anchors):
    pytest.importorskip("markdown", reason="the site's tools are in the extra `docs`")
    from markdown import markdown

    assert Prose(f"# {words}\n").anchors == anchors
    assert f'id="{next(iter(anchors))}"' in markdown(f"# {words}\n", extensions=["toc"])


def test_a_site_may_make_its_own_ids():
    assert Prose("# 安装 它\n", lambda words: words.replace(" ", "-")).anchors == {"安装-它"}
