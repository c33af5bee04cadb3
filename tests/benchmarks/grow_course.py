"""Measure what each lesson more costs, part by part, and what a course of fifty would.

The project is copied; then lessons are copied in it, in both languages, with records, figures and
a place in the navigation. Each part is run in the project as it is and in the grown one, and what
it takes more is shared out among the copies:

- static: what is wrong on the pages though nothing is run;
- small: every block on small data;
- build: the whole site, strictly;
- browser: each page's visit by axe in Chromium, with the build of the site that it needs.

Seconds are of the processor, all processes of a part together, so that other work on the machine
says little. On two quiet cores the clock shows a little more than half of them.

    python tests/benchmarks/grow_course.py                          # all lessons, all parts
    python tests/benchmarks/grow_course.py static build --lessons start/line basics/tensors
"""

import argparse
import ctypes
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LANGUAGES = ("zh", "en")
COURSE = 50
COPIED = ("docs", "tests", "tf2docs", "mkdocs.yml", "pyproject.toml", "LICENSE", "README.md")
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
PARTS = {
    "static": (*PYTEST, "--declare-equal", "docs"),
    "small": (*PYTEST, "docs"),
    "build": (sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"),
    "browser": (*PYTEST, "-m", "browser", "tests/site/test_every_page.py"),
}
_ADOPTS = 36  # of prctl: processes whose parents end become ours, so that theirs is counted


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--lessons", nargs="+", default=lessons(), help="those to copy")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if unknown := set(given.lessons) - set(lessons()):
        parser.error(f"no such lesson: {', '.join(sorted(unknown))}")
    ctypes.CDLL(None).prctl(_ADOPTS, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="grow-course-") as folder:
        projects = [copy_project(Path(folder, name)) for name in ("as-it-is", "grown")]
        for name in given.lessons:
            copy_lesson(projects[1], name)
        measure(given.parts or list(PARTS), projects, len(given.lessons))


def measure(parts: list[str], projects: list[Path], copies: int) -> None:
    """Print a row for each part, and their sum."""
    here = len(lessons())
    heads = (f"{here} lessons", f"{here + copies} lessons", "a lesson", f"{COURSE} lessons")
    print(f"{'CPU seconds':12}", *(f"{head:>12}" for head in heads))
    rows = []
    for part in parts:
        before, after = (seconds(PARTS[part], project) for project in projects)
        each = (after - before) / copies
        rows.append((before, after, each, before + each * (COURSE - here)))
        print(f"{part:12}", *(f"{number:12.1f}" for number in rows[-1]), flush=True)
    print(f"{'together':12}", *(f"{sum(column):12.1f}" for column in zip(*rows, strict=True)))


def lessons() -> list[str]:
    """The lessons of the course: pages that say how many minutes they take."""
    home = ROOT / "docs" / "en"
    pages = {path.relative_to(home).with_suffix("").as_posix(): path for path in home.rglob("*.md")}
    return sorted(
        name
        for name, path in pages.items()
        if re.search(r"^minutes:", path.read_text(encoding="utf-8"), re.MULTILINE)
    )


def copy_project(folder: Path) -> Path:
    folder.mkdir()
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, target, ignore=ignored, symlinks=True)
        else:
            shutil.copy(source, target)
    return folder


def copy_lesson(project: Path, name: str) -> None:
    """Copy a lesson in both languages, with all that belongs to it."""
    docs, copied = project / "docs", f"{name}-copied"
    for language in LANGUAGES:
        text = (docs / language / f"{name}.md").read_text(encoding="utf-8")
        text = re.sub(rf"(assets/\w+)/{name}/", rf"\1/{copied}/", text)
        (docs / language / f"{copied}.md").write_text(text, encoding="utf-8")
    for folder in ("records", "ledger"):
        shutil.copy(docs / folder / f"{name}.json", docs / folder / f"{copied}.json")
    for made in ("figures", "files"):
        if (assets := docs / "assets" / made / name).is_dir():
            shutil.copytree(assets, docs / "assets" / made / copied)
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    line = rf"^( *- (?:[^\n]*: )?){name}\.md$"
    text = re.sub(line, rf"\g<0>\n\g<1>{copied}.md", text, count=1, flags=re.MULTILINE)
    settings.write_text(text, encoding="utf-8")


def seconds(command: tuple[str, ...], project: Path) -> float:
    """What a command and all processes that came of it took of the processor; it must succeed."""
    environment = os.environ | {"PYTHONPATH": str(project), "NO_MKDOCS_2_WARNING": "1"}
    before = spent()
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    while has_children():
        os.wait()
    if done.returncode:
        said = f"{done.stdout[-3000:]}{done.stderr[-3000:]}"
        raise SystemExit(f"{' '.join(command)} failed:\n{said}")
    return spent() - before


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


if __name__ == "__main__":
    main()
