"""A small site to try the harness on.

Two languages, one page, every kind of claim, recorded by a real refresh.

pytester forgets what was imported during a run. The fork server is imported here, before, so that
one serves all runs, and so are PyYAML, whose C part can't be imported twice, and what reads pages,
so that not every run compiles it anew.
"""

import contextlib
import multiprocessing.popen_forkserver  # noqa: F401
import os
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml  # noqa: F401

import tf2docs.pages.testing.collecting  # noqa: F401

SAMPLE = Path(__file__).parent / "sample"
collect_ignore = ["sample", "outdated"]  # they are what the tests run pytest on, no tests of ours


@dataclass
class SampleSite:
    """A copy of the sample site that a test may damage, and pytest to run on it."""

    root: Path
    pytester: pytest.Pytester

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands exactly once."""
        text = self.read(path)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *options: str) -> pytest.RunResult:
        return self.pytester.runpytest_inprocess("-p", "no:cacheprovider", *options, "docs")

    def files(self) -> dict[str, bytes]:
        """Every file a refresh may write, with its content."""
        paths = (
            path
            for path in (self.root / "docs").rglob("*")
            if path.suffix in (".md", ".json", ".svg", ".txt")
        )
        return {
            str(path.relative_to(self.root)): path.read_bytes() for path in paths if path.is_file()
        }


@pytest.fixture
def fresh_site(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> SampleSite:
    """The sample site as its author wrote it, before any record."""
    shutil.copytree(SAMPLE, pytester.path, dirs_exist_ok=True)
    monkeypatch.syspath_prepend(pytester.path)
    return SampleSite(pytester.path, pytester)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that refreshed the sample site left it for the others."""
    return tmp_path_factory.mktemp("recorded") / "docs"


@pytest.fixture
def site(fresh_site: SampleSite, recorded: Path) -> SampleSite:
    """The sample site, refreshed."""
    if not recorded.exists():
        fresh_site.run("--refresh").assert_outcomes(passed=31)
        fresh_site.run("--declare-equal").assert_outcomes(passed=2)
        shutil.copytree(fresh_site.root / "docs", recorded)
    shutil.copytree(recorded, fresh_site.root / "docs", dirs_exist_ok=True)
    return fresh_site


@pytest.fixture
def processes_of():
    """Finds the processes that have to do with a folder.

    They stand in it, opened something in it, or name it.
    """

    def processes_of(folder):
        others = (
            path
            for path in Path("/proc").iterdir()
            if path.name.isdigit() and int(path.name) != os.getpid()
        )
        return [path.name for path in others if str(folder) in traces(path)]

    return processes_of


def traces(process):
    """All that tells where a process came from."""
    found = []
    with contextlib.suppress(OSError):
        found += [(process / file).read_text(errors="replace") for file in ("environ", "cmdline")]
    with contextlib.suppress(OSError):
        for link in (process / "cwd", *(process / "fd").iterdir()):
            with contextlib.suppress(OSError):
                found.append(str(link.readlink()))
    return "\n".join(found)


@pytest.fixture
def while_it_runs(tmp_path_factory):
    """Let something happen to a sample site while its page runs, which may not do it itself."""
    running = tmp_path_factory.mktemp("flag") / "running"

    def once(site, happens):
        code = f"print(hidden)\nopen({str(running)!r}, 'w').close()\nimport time\ntime.sleep(1)"
        for path in ("docs/zh/lesson.md", "docs/en/lesson.md"):
            site.change(path, "print(hidden)", code)
        threading.Thread(target=wait, args=(happens,), daemon=True).start()

    def wait(happens):
        while not running.exists():
            time.sleep(0.01)
        happens()

    return once
