"""What a reader of the hosted site does works.

Only the site is there, and an empty folder, far from the clone.
"""

import functools
import html
import http.server
import io
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ADDRESS = "https://example.org/docs/"  # for which `published` is built
LESSON = "start/line"
HERE = "import tf2docs; print(tf2docs.__file__)"


class AsIfBuiltForIt(http.server.SimpleHTTPRequestHandler):
    """Serves a site as if it had been built for the address at which it is."""

    def send_head(self) -> io.BytesIO | None:
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        if not file.is_file():
            self.send_error(http.HTTPStatus.NOT_FOUND)
            return None
        body = file.read_bytes()
        if file.suffix != ".whl":
            here = f"http://127.0.0.1:{self.server.server_port}/"
            body = body.replace(ADDRESS.encode(), here.encode())
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)


@pytest.fixture(scope="module")
def site(published) -> Iterator[str]:
    """The address of a site that serves nothing else, and names no other address as its own."""
    handler = functools.partial(AsIfBuiltForIt, directory=str(published))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def lines_of(page: str) -> list[str]:
    """The commands of the first block of a page that installs, as its copy button copies them."""
    code = re.search(r"<code data-package[^>]*>(.*?)</code>", page, re.DOTALL)[1]
    return html.unescape(re.sub(r"<[^>]*>", "", code)).splitlines()


@pytest.fixture
def empty(tmp_path) -> Path:
    """An empty folder, with the packages of this environment beside it, but without `tf2docs`."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "tf2docs" not in entry.name and not entry.name.endswith((".pth", ".egg-link")):
            (packages / entry.name).symlink_to(entry)
    (tmp_path / "home").mkdir()
    folder = tmp_path / "new folder"
    folder.mkdir()
    return folder


@pytest.fixture
def type_in(empty):
    """Runs a command in the empty folder, as somebody who has no clone and no settings."""
    kept = ("PATH", "LANG", "TMPDIR", "SYSTEMROOT", "TF2DOCS_DATA")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    # what TensorFlow needs is 270 MB: it lies beside the folder
    given |= {"PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    given |= {"HOME": str(empty.parent / "home"), "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3"}

    def type_in(*command: str) -> str:
        done = subprocess.run(
            command, cwd=empty, env=given, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    return type_in


def make_environment(type_in, empty: Path, command: str) -> str:
    """Make the environment by the page's own line; what TensorFlow needs is put on its path."""
    assert command == "python3 -m venv .venv"
    type_in(sys.executable, *shlex.split(command)[1:])
    (beside,) = (empty / ".venv").glob("lib/*/site-packages")
    (beside / "beside.pth").write_text(f"{empty.parent / 'packages'}\n")
    return str(empty / ".venv" / "bin" / "python")


@pytest.mark.skipif(sys.platform == "win32", reason="types the lines for Linux")
def test_the_line_of_the_page_and_the_lessons_files_work_without_a_clone(site, empty, type_in):
    pytest.importorskip("tensorflow", reason="the lessons need TensorFlow")
    for kind in ("py", "ipynb"):
        file = f"{LESSON}/{Path(LESSON).name}.{kind}"
        urllib.request.urlretrieve(f"{site}{file}", empty / f"lesson.{kind}")
    page = urllib.request.urlopen(f"{site}{LESSON}/").read().decode()
    environment, install, start = lines_of(page)
    python = make_environment(type_in, empty, environment)

    # the notebook by itself: its first cell gets the package from the site
    run_notebook = "from nbclient.cli import main; main()"
    type_in(python, "-c", run_notebook, "--inplace", "lesson.ipynb")
    assert str(empty) in type_in(python, "-c", HERE)
    type_in(python, "-m", "pip", "uninstall", "-yq", "tf2docs")

    # the line of the page, but for Jupyter, which is there under another name
    assert site in install and start == ".venv/bin/jupyter notebook"
    type_in(*shlex.split(install.removesuffix(" notebook")))
    assert str(empty) in type_in(python, "-c", HERE)
    assert "mean_absolute_error" in type_in(python, "lesson.py")


@pytest.mark.parametrize(("language", "mirror"), [("zh", True), ("en", False)])
def test_every_lesson_shows_the_line_with_the_address_of_this_site(published, language, mirror):
    shown = 0
    for page in (published / language.removeprefix("zh")).rglob("*/index.html"):
        text = page.read_text(encoding="utf-8")
        if 'class="tf2-downloads"' not in text or f'<html lang="{language}"' not in text:
            continue
        shown += 1
        _, install, _ = lines_of(text)
        wheel = re.search(rf'"tf2docs\[cpu(?:,\w+)*\] @ {ADDRESS}([^"]+\.whl)" notebook', install)
        assert wheel and (published / wheel[1]).is_file(), page
        assert r".venv\Scripts\pip install" in text and "py -m venv .venv" in text
        if page.parent.name != "install":  # which tells of mirrors in both languages
            assert ("tuna.tsinghua.edu.cn" in text) == mirror, page
    assert shown > 10


@pytest.mark.parametrize("path", ["start/line.html", "en/start/install.html"])
def test_in_a_folder_the_line_takes_the_file_to_which_the_page_links(folder, path):
    page = (folder / path).read_text(encoding="utf-8")
    (name,) = set(re.findall(r'"\./([^"]*\.whl)\[cpu\]"', page))
    link = re.search(rf'href="([^"]*{re.escape(name)})" download', page)[1]
    assert ((folder / path).parent / link).resolve() == (folder / "downloads" / name)
    assert "http://127" not in page and "@ https" not in page


def test_a_copy_at_another_address_names_that_address(visit, address):
    page = visit(LESSON + "/")
    page.locator(".tf2-setup summary").click()
    shown = page.locator(".tf2-setup code[data-wheel]").first.inner_text()
    assert f'"tf2docs[cpu] @ {address}downloads/tf2docs-' in shown and "example.org" not in shown
    assert page.wrong == []
