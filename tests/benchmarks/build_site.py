"""Measure what it costs to build and to read a site of many pages in two languages.

All tools in one run, side by side.

Every page is a copy of a real lesson (16 blocks, figures, a record), with a navigation that lists
them all:

- MkDocs and ProperDocs build it with everything that this project does.
- Zensical builds the same folder; it runs our Markdown extension but no plugin and no hook, so
  there is less to do.
- Sphinx with furo and MyST builds the same text once per language; its fences are shown as code and
  nothing more.

For each: wall and CPU seconds of a build, the most memory it took, and what a reader loads with a
page, compressed (the page, its styles and scripts; apart from it the search index). Then the
seconds from an edit to the page that shows it: `mkdocs serve` and `zensical serve` are asked until
the words come, Sphinx builds again.

A tool that isn't installed is left out: pip install properdocs zensical sphinx furo myst-parser

    python tests/benchmarks/build_site.py 20 200
"""

import argparse
import contextlib
import functools
import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
LESSON, LANGUAGES = "start/line", ("zh", "en")
OTHERS = ("index", "trust")  # short; a lesson's line of trust leads to the second
PORT = 8765
QUIET = {"NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}

SPHINX = """\
project = "Benchmark"
extensions = ["myst_parser"]
html_theme = "furo"
language = "{language}"
root_doc = "index"
suppress_warnings = ["myst.*", "misc.*", "image.*", "toc.*"]
"""


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    wall: float
    cpu: float
    megabytes: float


@dataclass(frozen=True)
class Tool:
    """A way to build the site.

    Its commands, the folder of the built site, and a page of it and its search index.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    site: str
    page: str
    index: str
    serve: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = ()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=int, nargs="*", default=[20, 200])
    parser.add_argument("--no-edits", action="store_true", help="measure builds alone")
    given = parser.parse_args()
    tools = [tool for tool in all_tools() if Path(tool.commands[0][0]).exists()]
    for pages in given.pages:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_site(folder, pages)
            print(f"{pages} pages in {len(LANGUAGES)} languages")
            for tool in tools:
                cost = build(tool, folder)
                page, index = weigh(folder / tool.site, tool)
                print(
                    f"  {tool.name:12} {cost.wall:7.1f} s  {cost.cpu:7.1f} CPU s  "
                    f"{cost.megabytes:6.0f} MB memory"
                    f"  page {page / 1000:4.0f} KB  search index {index / 1000:5.0f} KB",
                    flush=True,
                )
            if not given.no_edits:
                for tool in tools:
                    measure_edits(tool, folder)


def all_tools() -> Iterator[Tool]:
    page = "tutorials/page-1/index.html"
    address = f"127.0.0.1:{PORT}"
    index = "search/index.js"
    mkdocs, properdocs, zensical, sphinx = (
        str(BIN / name) for name in ("mkdocs", "properdocs", "zensical", "sphinx-build")
    )
    ways = (
        ("serve", ("--dev-addr", address), {}),
        ("serve, one language", ("--dev-addr", address), {"TF2DOCS_ONLY": "zh"}),
        ("serve --dirty", ("--dirty", "--dev-addr", address), {}),
        ("serve --dirty, one language", ("--dirty", "--dev-addr", address), {"TF2DOCS_ONLY": "zh"}),
    )
    yield Tool(
        "MkDocs",
        ((mkdocs, "build", "--strict", "--site-dir", "mkdocs"),),
        "mkdocs",
        page,
        index,
        ways,
    )
    command = (
        properdocs,
        "build",
        "--strict",
        "--config-file",
        "mkdocs.yml",
        "--site-dir",
        "properdocs",
    )
    yield Tool("ProperDocs", (command,), "properdocs", page, index)
    way = ("serve", ("--dev-addr", address), {})
    yield Tool("Zensical", ((zensical, "build"),), "site", f"zh/{page}", "search.json", (way,))
    commands = tuple(
        (sphinx, "-q", "-b", "html", f"sphinx/{name}", f"sphinx-{name}") for name in LANGUAGES
    )
    yield Tool("Sphinx, furo", commands, "sphinx-zh", "tutorials/page-1.html", "searchindex.js")


def write_site(folder: Path, pages: int) -> None:
    """Write the site for all tools, each page a copy of the lesson without its links to others."""
    docs = folder / "docs"
    for name in ("assets", "overrides", "templates"):
        shutil.copytree(
            ROOT / "docs" / name, docs / name, ignore=shutil.ignore_patterns("figures", "files")
        )
    (folder / "tf2docs").symlink_to(ROOT / "tf2docs")
    names = [f"tutorials/page-{place}" for place in range(1, pages + 1)]
    for language in LANGUAGES:
        text = re.sub(r"(?<!!)\[([^]\n]+)]\([^)\s]*\.md[^)]*\)", r"\1", read(language))
        for place, name in enumerate(names, 1):
            titled = re.sub(r"^(title: .*)", rf"\1 {place}", text, count=1, flags=re.MULTILINE)
            titled = re.sub(r"^(# [^{\n]*)", rf"\g<1>{place} ", titled, count=1, flags=re.MULTILINE)
            titled = re.sub(rf"(assets/\w+)/{LESSON}/", rf"\1/{name}/", titled)
            write(docs / language / f"{name}.md", titled)
            write(folder / "sphinx" / language / f"{name}.md", for_sphinx(titled))
        for other in OTHERS:
            write(
                docs / language / f"{other}.md",
                f"---\ntitle: {other}\ndescription: Short.\n---\n\n# {other} {{ #page }}\n",
            )
        contents = "\n".join(names)
        write(
            folder / "sphinx" / language / "index.md",
            f"# Home\n\n```{{toctree}}\n{contents}\n```\n",
        )
        write(
            folder / "sphinx" / language / "conf.py",
            SPHINX.format(language={"zh": "zh_CN"}.get(language, language)),
        )
    for name in names:
        for made in ("figures", "files"):
            if (assets := ROOT / "docs" / "assets" / made / LESSON).exists():
                shutil.copytree(assets, docs / "assets" / made / name)
        write(
            docs / "records" / f"{name}.json",
            (ROOT / "docs" / "records" / f"{LESSON}.json").read_text("utf-8"),
        )
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    nav = "".join(f"  - {name}.md\n" for name in (*OTHERS, *names))
    write(
        folder / "mkdocs.yml",
        re.sub(r"^nav:\n(?: .*\n|\n)*", f"nav:\n{nav}\n", settings, flags=re.MULTILINE),
    )


def read(language: str) -> str:
    return (ROOT / "docs" / language / f"{LESSON}.md").read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def for_sphinx(text: str) -> str:
    """The page without what only our Markdown extension reads."""
    text = re.sub(r"\A---.*?---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^(#+ .*?) *\{ *#[\w-]+ *}$", r"\1", text, flags=re.MULTILINE)
    text = re.sub(
        r"^( *`{3,})(?:output|source|text|mermaid)\b.*$", r"\1text", text, flags=re.MULTILINE
    )
    return re.sub(r"^( *`{3,}\w+) .*$", r"\1", text, flags=re.MULTILINE)


def build(tool: Tool, folder: Path) -> Cost:
    """Build the site once; several commands, such as one for each language, add up."""
    costs = [run(command, folder) for command in tool.commands]
    return Cost(
        sum(cost.wall for cost in costs),
        sum(cost.cpu for cost in costs),
        max(cost.megabytes for cost in costs),
    )


def run(command: tuple[str, ...], folder: Path) -> Cost:
    """Run a command, which must succeed, and say what it and its children took."""
    with tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | QUIET, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if status:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{said.read()[-3000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def weigh(site: Path, tool: Tool) -> tuple[int, int]:
    """The compressed bytes of a page with its styles and scripts, and of the search index."""
    page = site / tool.page
    html = page.read_text(encoding="utf-8")
    links = re.findall(r'<link[^>]*rel="stylesheet"[^>]*>|<script[^>]*src=[^>]*>', html)
    addresses = {
        found[1] for link in links if (found := re.search(r'(?:href|src)="([^"?:]+)', link))
    }
    files = [page, *(page.parent / address for address in sorted(addresses))]
    return sum(map(compressed, filter(Path.is_file, files))), compressed(site / tool.index)


def compressed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes())) if file.is_file() else 0


def measure_edits(tool: Tool, folder: Path) -> None:
    """Print how long an edit takes to show, each way the tool has."""
    source = folder / "docs" / "zh" / "tutorials" / "page-1.md"
    for name, options, settings in tool.serve:
        command = (tool.commands[0][0], "serve", *options)
        address = f"http://127.0.0.1:{PORT}/{tool.page.removesuffix('index.html')}"
        with serving(command, folder, settings):
            shows = functools.partial(is_at, address)
            until(functools.partial(fetch, address))
            report(tool, name, [edit(source, shows) for _ in range(3)])
    if not tool.serve and "sphinx" in tool.commands[0][0]:
        source = folder / "sphinx" / "zh" / "tutorials" / "page-1.md"
        command, page = tool.commands[0], folder / tool.site / tool.page

        def rebuilt(mark: str) -> bool:
            run(command, folder)
            return mark in page.read_text(encoding="utf-8")

        report(tool, "build again, one language", [edit(source, rebuilt) for _ in range(3)])


def report(tool: Tool, name: str, seconds: list[float]) -> None:
    print(
        f"  {tool.name:12} edit to page {min(seconds):5.1f} s, least of {len(seconds)} ({name})",
        flush=True,
    )


def edit(source: Path, shows: Callable[[str], bool]) -> float:
    """The seconds from an edit to the page that shows it."""
    text, mark = source.read_text(encoding="utf-8"), f"edited{time.monotonic_ns()}"
    time.sleep(2)  # the tool has come to rest
    source.write_text(text.replace("\n## ", f"\n{mark}\n\n## ", 1), encoding="utf-8")
    start = time.perf_counter()
    until(lambda: shows(mark))
    return time.perf_counter() - start


@contextlib.contextmanager
def serving(command: tuple[str, ...], folder: Path, settings: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | QUIET | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def fetch(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=600) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, ConnectionError):
        return ""  # not yet there


def is_at(address: str, mark: str) -> bool:
    return mark in fetch(address)


def until(holds: Callable[[], object], seconds: float = 1800) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"nothing came within {seconds} s")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
