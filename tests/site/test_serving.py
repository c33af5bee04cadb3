"""What a contributor meets who writes with `mkdocs serve --dirty`.

It builds anew only the page that changed.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tf2docs.pages.showing.search_index import INDEX, read_search_index

pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")

ROOT = Path(__file__).parents[2]
PAGE = "docs/zh/sample.md"


class Server:
    """`mkdocs serve --dirty` on a small project."""

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
        """The places that a language's index has, in no order.

        The page that was edited comes last in it, which matters to equally good results alone.
        """
        index = read_search_index(self.get(f"{language}{INDEX}"))
        return sorted(section["location"] for section in index["sections"])


@pytest.fixture
def server(small_project: Callable, tmp_path: Path) -> Iterator[Server]:
    server = Server(small_project(tmp_path))
    yield server
    server.process.terminate()
    server.process.wait(30)


def test_an_edit_shows_a_mistake_is_named_and_the_search_stays_whole(server):
    server.wait(lambda: server.get("en/sample/"))
    before = {language: server.indexed(language) for language in ("", "en/")}
    page = server.project / PAGE
    text = page.read_text(encoding="utf-8")

    page.write_text(text.replace("\nIt is", "\n刚写的一句话。\n\nIt is", 1), encoding="utf-8")
    server.wait(lambda: "刚写的一句话。" in server.get("sample/"))
    assert {language: server.indexed(language) for language in before} == before
    assert len(set(before[""])) == len(before[""]) > 10

    page.write_text(text.replace("```python {", "```python {.oops ", 1), encoding="utf-8")
    line = text[: text.index("```python")].count("\n") + 1
    server.wait(
        lambda: f"{PAGE}:{line}: a python fence has no option '.oops'" in server.log.read_text()
    )

    page.write_text(text.replace("\nIt is", "\n又写的一句话。\n\nIt is", 1), encoding="utf-8")
    server.wait(lambda: "又写的一句话。" in server.get("sample/"))
