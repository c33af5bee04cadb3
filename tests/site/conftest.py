"""The site as it is published, built once for all who look at it, and a small one to break."""

import contextlib
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

ROOT = Path(__file__).parents[2]
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
QUIET = [  # a browser that asks for nothing by itself
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCREENS = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# a page that asks for nothing this long has settled; longer than this is a fault
QUIET_S, ENOUGH_S = 0.3, 30
KEPT_OF_A_READER = "cookies,local_storage,indexeddb,service_workers"
CUT_OFF = "net::ERR_ABORTED"  # a request under way when the page was left
ADDRESS = "https://example.org/docs/"
PUBLISHED, IN_A_FOLDER = "published", "with space 中文"
KINDS = {  # of the project's own site, and what each is built with
    PUBLISHED: {"TF2DOCS_SITE_URL": ADDRESS, "TF2DOCS_REPOSITORY": "someone/tf2docs"},
    IN_A_FOLDER: {"TF2DOCS_FOLDER": "true"},
}
# Python imports this module on its own: nothing but what comes with `docs`, and no network.
NOTHING_ELSE = """
import socket, sys

def refuse(*_):
    raise OSError("the site must build without the network")

sys.modules.update(dict.fromkeys(["tensorflow", "keras", "numpy", "filelock", "pytest"]))
socket.socket.connect = socket.getaddrinfo = refuse
"""
FRONT_MATTER = (
    "---\ntitle: Sample\ndescription: A page of these tests.\n---\n\n# Sample { #sample }\n\n"
)
SAMPLE = """
It is 98.1 %<!--= accuracy .1% --> of 60,000<!-- fact -->, in a Tensor.

```source
tf2docs.models.dense_classifier
```

```python {data-raises="ValueError" data-rtol="0.1"}
int("x")
```

```output
an output
```

!!! note

    Without a title.
"""
MODULES = ("models", "runtime")  # those of the small site's reference
NAVIGATION = """\
INHERIT: {settings}
nav:
  - index.md
  - sample.md
  - glossary.md
  - trust.md
  - API 参考: [reference/index.md, {modules}]
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that `-m browser` runs that alone."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """Builds the project's own site strictly, each kind once for all workers of the session."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def build_once(name: str, patience: float = -1) -> Path:
        done = shared / f"{name}.built"
        with FileLock(shared / f"{name}.lock", timeout=patience):
            if not done.exists():
                build(shared / name, **KINDS[name])
                done.touch()
        return shared / name

    def built(name: str) -> Path:
        try:
            return build_once(name, patience=0)
        except Timeout:  # another worker builds it; the time is enough for the other kinds
            for other in KINDS:
                with contextlib.suppress(Timeout):
                    build_once(other, patience=0)
            return build_once(name)

    return built


def build(folder: Path, **settings: str) -> None:
    run = build_in(ROOT, folder, **settings)
    assert run.returncode == 0, run.stderr


def build_in(project: Path, site: Path, **settings: str) -> subprocess.CompletedProcess:
    """Build a project strictly, with neither TensorFlow nor the network in reach."""
    with tempfile.TemporaryDirectory() as limits:
        Path(limits, "sitecustomize.py").write_text(NOTHING_ELSE)
        environment = os.environ | {
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": os.pathsep.join([limits, str(ROOT)]),
        }
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
        return subprocess.run(
            command,
            cwd=project,
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=900,
        )


@pytest.fixture(scope="session")
def build_project() -> Callable[..., subprocess.CompletedProcess]:
    """Builds a project's site, however that ends."""
    return build_in


@pytest.fixture(scope="session")
def small_project() -> Callable[[Path], Path]:
    """Writes a project of a few short pages, which is built in a tenth of the time."""
    return write_small_project


def write_small_project(folder: Path) -> Path:
    docs = folder / "docs"
    for name in ("assets", "card", "overrides", "templates"):
        made = shutil.ignore_patterns("figures", "files")
        shutil.copytree(ROOT / "docs" / name, docs / name, ignore=made)
    (folder / "tf2docs").symlink_to(ROOT / "tf2docs")
    modules = ", ".join(f"reference/{name}.md" for name in MODULES)
    settings = NAVIGATION.format(settings=ROOT / "mkdocs.yml", modules=modules)
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    for language in ("zh", "en"):
        write_small_pages(docs / language)
    write_small_catalogue(docs / "translations" / "zh.yml")
    return folder


def write_small_pages(folder: Path) -> None:
    """A front page, the sample, what every lesson leads to, and the reference of two modules."""
    (folder / "reference").mkdir(parents=True)
    (folder / "guides").mkdir()
    for name in MODULES:
        page = FRONT_MATTER + f"::: tf2docs.{name}\n"
        (folder / "reference" / f"{name}.md").write_text(page, encoding="utf-8")
    (folder / "sample.md").write_text(FRONT_MATTER + SAMPLE, encoding="utf-8")
    for name in ("index", "trust", "reference/index"):
        (folder / f"{name}.md").write_text(FRONT_MATTER, encoding="utf-8")
    term = "### Tensor { #tensor }\n\nNumbers.\n"
    (folder / "glossary.md").write_text(FRONT_MATTER + term, encoding="utf-8")


def write_small_catalogue(file: Path) -> None:
    """What is translated of the two modules."""
    entries = re.split(
        r"^(?=\S)", (ROOT / "docs" / "translations" / "zh.yml").read_text("utf-8"), flags=re.M
    )
    names = "|".join(MODULES)
    own = [entry for entry in entries if re.match(rf"tf2docs\.({names})\b", entry)]
    file.parent.mkdir()
    file.write_text("".join(own), encoding="utf-8")


@pytest.fixture(scope="session")
def published(built: Callable) -> Path:
    """The folder of the site, built for the address `ADDRESS`."""
    return built(PUBLISHED)


@pytest.fixture(scope="session")
def folder(built: Callable) -> Path:
    """The site as it is read from a folder, such as a USB stick's, without a server."""
    return built(IN_A_FOLDER)


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(published: Path) -> Iterator[str]:
    """Where the published site is served."""
    handler = functools.partial(QuietHandler, directory=str(published))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """The system's Chromium, driven by Playwright.

    Tests that need it are skipped where there is none.
    """
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="browser tests need the extra `browser`"
    )
    if CHROMIUM is None:
        pytest.skip(
            "browser tests need Chromium (on Debian: apt-get install chromium fonts-noto-cjk)"
        )
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Traffic:
    """What a page has asked for and not yet been given.

    Playwright's own `networkidle` is not used: it sometimes never comes where the search runs in a
    frame, as it does without a server, although all is answered.
    """

    def __init__(self, page) -> None:
        self.page = page
        self.open = set()
        self.last = time.monotonic()
        page.on("request", self._asked)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._answered)

    def _asked(self, request) -> None:
        self.open.add(request)
        self.last = time.monotonic()

    def _answered(self, request) -> None:
        self.open.discard(request)
        self.last = time.monotonic()

    def settle(self) -> None:
        """Wait until everything has come and nothing more is asked for."""
        start = time.monotonic()
        while self.open or time.monotonic() < self.last + QUIET_S:
            assert time.monotonic() < start + ENOUGH_S, (
                f"not answered: {[request.url for request in self.open]}"
            )
            self.page.wait_for_timeout(20)


def watch(page, site: str) -> Traffic:
    """Collect in `page.wrong` what goes wrong on a page, or leaves the site."""
    page.wrong = []
    own = (site, "data:", "blob:")
    page.on(
        "console",
        lambda line: page.wrong.append(line.text) if line.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on(
        "requestfailed",
        lambda request: (
            page.wrong.append(f"failed: {request.url}") if request.failure != CUT_OFF else None
        ),
    )
    page.on(
        "request",
        lambda request: None if request.url.startswith(own) else page.wrong.append(request.url),
    )
    return Traffic(page)


@pytest.fixture
def open_page(chromium) -> Iterator[Callable]:
    """Open a page as a new reader.

    What goes wrong on it, or leaves the site, is collected in `page.wrong`.
    """
    contexts = []

    def open_page(site: str, path: str, *, screen: str = "wide", dark: bool = False):
        context = chromium.new_context(
            viewport=SCREENS[screen], color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        traffic = watch(page, site)
        page.goto(site + path)
        traffic.settle()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def turn_to(chromium, address: str) -> Iterator[Callable]:
    """Opens one page of the site after the other in one tab, which knows nothing of the last.

    A tab of its own costs more of the processor than all that is asked of a page: a process is
    started for it, and the scripts that all pages share are compiled anew.
    """
    context = chromium.new_context(viewport=SCREENS["wide"], color_scheme="light")
    page = context.new_page()
    traffic = watch(page, address)
    storage = context.new_cdp_session(page)
    forgotten = {"origin": address.rstrip("/"), "storageTypes": KEPT_OF_A_READER}

    def turn_to(path: str, *, screen: str = "wide"):
        if page.url.startswith(address):
            page.evaluate("sessionStorage.clear()")
        page.goto("about:blank")
        storage.send("Storage.clearDataForOrigin", forgotten)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(SCREENS[screen])
        page.wrong.clear()
        page.goto(address + path)
        traffic.settle()
        return page

    yield turn_to
    context.close()


@pytest.fixture
def visit(open_page, address: str) -> Callable:
    """Open a page of the published site."""
    return functools.partial(open_page, address)


@pytest.fixture(scope="session")
def screens() -> dict[str, dict[str, int]]:
    """The sizes of the screens that pages are looked at on, in CSS pixels."""
    return SCREENS


@pytest.fixture(scope="session")
def still() -> Callable[[Any], None]:
    """Ends a page's transitions, in which colours are still changing."""
    # a style sheet of the script's own: the page's policy refuses a style element
    script = """() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("* { transition: none !important }");
        document.adoptedStyleSheets.push(sheet);
    }"""
    return lambda page: page.evaluate(script)


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., Any]:
    """Waits until an expression on a page has a true value, and returns that value.

    Playwright's own `wait_for_function` asks again from within the page, by `eval`, which the
    page's policy refuses.
    """

    def wait_until(page, expression: str, argument: object = None) -> Any:
        end = time.monotonic() + ENOUGH_S
        while not (value := page.evaluate(expression, argument)):
            assert time.monotonic() < end, f"after {ENOUGH_S} s still {value!r}: {expression}"
            page.wait_for_timeout(20)
        return value

    return wait_until


@pytest.fixture(scope="session")
def touch() -> Callable[[Any, list[tuple[float, float]]], None]:
    """Moves one finger along a line, as the device reports it."""

    def touch(page, corners):
        points = [
            (x1 + (x2 - x1) * step / 10, y1 + (y2 - y1) * step / 10)
            for (x1, y1), (x2, y2) in pairwise(corners)
            for step in range(11)
        ]
        device = page.context.new_cdp_session(page)
        for kind, touches in (
            ("touchStart", points[:1]),
            *(("touchMove", [point]) for point in points),
            ("touchEnd", []),
        ):
            shown = [{"x": x, "y": y} for x, y in touches]
            device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": shown})

    return touch


@pytest.fixture
def read_to_the_end(wait_until) -> Callable[[Any], None]:
    """Scrolls to the end of a lesson, and waits until that is remembered."""
    done = "JSON.parse(localStorage['tf2docs.reading'] ?? '{}').done?.length"

    def read_to_the_end(page) -> None:
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        wait_until(page, done)

    return read_to_the_end


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that finds what keeps people out of a page."""
    package = pytest.importorskip(
        "axe_playwright_python", reason="it comes with the extra `browser`"
    )
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
