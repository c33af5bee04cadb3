"""What a contributor meets who writes with `mkdocs serve --dirty`.

It builds anew only the page that changed.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")

ROOT = Path(__file__).parents[2]
PAGE = "docs/zh/tutorials/line.md"


class Server:
    """`mkdocs serve --dirty` on a copy of the project."""

    def __init__(self, project: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        self.project, self.address, self.log = project, f"http://{address}/", project / "log"
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "mkdocs", "serve", "--dirty", "--dev-addr", address]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=project, env=environment, stdout=log, stderr=log
            )

    def get(self, path: str) -> str:
        try:
            with urllib.request.urlopen(self.address + path, timeout=60) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            return ""  # it hasn't started

    def wait(self, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + 90
        while not holds():
            assert time.monotonic() < until and self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def indexed(self, language: str) -> list[str]:
        index = json.loads(self.get(f"{language}search/search_index.json"))
        return [entry["location"] for entry in index["docs"]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "mkdocs.yml", tmp_path / "mkdocs.yml")
    (tmp_path / "tf2docs").symlink_to(ROOT / "tf2docs")
    server = Server(tmp_path)
    yield server
    server.process.terminate()
    server.process.wait(30)


def test_an_edit_shows_a_mistake_is_named_and_the_search_stays_whole(server):
    server.wait(lambda: server.get("en/tutorials/line/"))
    before = {language: server.indexed(language) for language in ("", "en/")}
    page = server.project / PAGE
    text = page.read_text(encoding="utf-8")

    page.write_text(text.replace("\n## ", "\n刚写的一句话。\n\n## ", 1), encoding="utf-8")
    server.wait(lambda: "刚写的一句话。" in server.get("tutorials/line/"))
    assert {language: server.indexed(language) for language in before} == before
    assert len(set(before[""])) == len(before[""]) > 100

    page.write_text(text.replace("```python", "```python {.oops}", 1), encoding="utf-8")
    line = text[: text.index("```python")].count("\n") + 1
    server.wait(
        lambda: f"{PAGE}:{line}: a python fence has no option '.oops'" in server.log.read_text()
    )

    page.write_text(text.replace("\n## ", "\n又写的一句话。\n\n## ", 1), encoding="utf-8")
    server.wait(lambda: "又写的一句话。" in server.get("tutorials/line/"))
