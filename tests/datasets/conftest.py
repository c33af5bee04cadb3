"""A machine without data and network, a tiny MNIST, and a server.

The server misbehaves on request.
"""

import contextlib
import gzip
import hashlib
import http.server
import io
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from tf2docs.datasets import table
from tf2docs.datasets.table import Array, Dataset, File, Source

SHAPES = {"x_train": (60, 28, 28), "y_train": (60,), "x_test": (20, 28, 28), "y_test": (20,)}
NAMES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Published(dict):
    """The arrays of a tiny MNIST by name, and the files that hold them."""

    def npz(self, save=np.savez, **others) -> bytes:
        packed = io.BytesIO()
        save(packed, **(self | others))
        return packed.getvalue()

    def idx(self, name: str) -> bytes:
        array = self[name]
        header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
        return gzip.compress(header + array.tobytes(), mtime=0)

    def save_npz(self, folder: Path, **others) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mnist.npz").write_bytes(self.npz(**others))
        return folder / "mnist.npz"

    def save_idx(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in NAMES.items():
            (folder / file).write_bytes(self.idx(name))
        return folder

    def same(self, loaded) -> bool:
        (x_train, y_train), (x_test, y_test) = loaded
        found = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
        return all(np.array_equal(found[name], self[name]) for name in self)


@pytest.fixture
def published() -> Published:
    draw = np.random.default_rng(0)
    return Published(
        {name: draw.integers(0, 10, shape, dtype=np.uint8) for name, shape in SHAPES.items()}
    )


@pytest.fixture
def npz(published) -> bytes:
    return published.npz()


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path) -> Path:
    """A home folder whose name has a space and Chinese characters.

    Nothing else is in the environment.
    """
    home = tmp_path / "my 数据"
    home.mkdir()
    for name in (
        "TF2DOCS_CACHE",
        "TF2DOCS_DATA",
        "TF2DOCS_MIRROR",
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("KERAS_HOME", str(home / "keras"))
    monkeypatch.setattr("pooch.os_cache", lambda project: home / "cache" / project)
    return home


@pytest.fixture
def as_published(home, monkeypatch) -> Callable[..., Dataset]:
    """Writes the files of a data set into the folder that the user named.

    Returns the set that is published as these files.
    """
    monkeypatch.setenv("TF2DOCS_DATA", str(home))

    def as_published(dataset: Dataset, *contents: bytes) -> Dataset:
        [files] = dataset.packings
        for file, data in zip(files, contents, strict=True):
            (home / file.path).write_bytes(data)
        digests = [("sha256", hashlib.sha256(data).hexdigest()) for data in contents]
        both = zip(files, digests, strict=True)
        return replace(dataset, packings=(tuple(replace(f, checksum=d) for f, d in both),))

    return as_published


@pytest.fixture
def keras_cache(home) -> Path:
    return home / "keras" / "datasets"


@pytest.fixture
def own_cache(home) -> Path:
    return home / "cache" / "tf2docs"


@pytest.fixture
def left(own_cache) -> Callable[[], list[str]]:
    """What there is in our cache, without the locks, which hold nothing."""

    def files() -> list[str]:
        found = (path for path in own_cache.rglob("*") if path.is_file() and path.suffix != ".lock")
        return sorted(path.relative_to(own_cache).as_posix() for path in found)

    return files


@dataclass
class Server:
    """Answers each path with what is set in `answers`, and remembers what it was asked."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def offer(self, folder: str, files: dict[str, bytes]) -> None:
        self.answers |= {f"{folder}/{name}": self.whole(body) for name, body in files.items()}

    @staticmethod
    def status(code: int, **headers: str) -> Answer:
        def answer(handler):
            handler.send_response(code)
            for name, value in {"Content-Length": "0", **headers}.items():
                handler.send_header(name, value)
            handler.end_headers()

        return answer

    @staticmethod
    def whole(body: bytes, *, tag: str | None = '"v1"') -> Answer:
        """A good answer, to requests for the rest of the file as well where it has a tag."""

        def answer(handler):
            asked = (
                handler.headers.get("Range")
                if tag and handler.headers.get("If-Range") == tag
                else None
            )
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            if asked and start >= len(body):
                return Server.status(416)(handler)
            handler.send_response(206 if asked else 200)
            if asked:
                handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            if tag:
                handler.send_header("ETag", tag)
            handler.send_header("Content-Length", str(len(body) - start))
            handler.end_headers()
            handler.wfile.write(body[start:])

        return answer

    @staticmethod
    def cut(body: bytes, after: int, *, tag: str | None = '"v1"', wait: float = 0) -> Answer:
        """Say that all will come, and hang up in the middle, at once or after a while."""

        def answer(handler):
            handler.send_response(200)
            if tag:
                handler.send_header("ETag", tag)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body[:after])
            handler.wfile.flush()
            time.sleep(wait)

        return answer

    @staticmethod
    def dripping(body: bytes, *, pause: float) -> Answer:
        def answer(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            for start in range(0, len(body), 16):
                handler.wfile.write(body[start : start + 16])
                handler.wfile.flush()
                time.sleep(pause)

        return answer

    @staticmethod
    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        """Never say how much will come, and never stop."""
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(1 << 16))

    @staticmethod
    def in_turn(*answers: Answer) -> Answer:
        """Each request gets the next answer; the last one stays."""
        waiting = list(answers)
        return lambda handler: (waiting.pop(0) if len(waiting) > 1 else waiting[0])(handler)


@pytest.fixture
def server():
    state = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # the name that http.server calls
            state.asked.append(self.path)
            state.ranges.append(self.headers.get("Range"))
            with contextlib.suppress(OSError):  # the client has gone
                state.answers.get(self.path, Server.status(404))(self)

        def log_message(self, *args):
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads, listening.block_on_close = True, False
    state.port = listening.server_port
    threading.Thread(target=listening.serve_forever, args=[0.01], daemon=True).start()
    yield state
    listening.shutdown()
    listening.server_close()


@pytest.fixture(autouse=True)
def mnist(monkeypatch, published, server) -> Dataset:
    """What load_mnist takes for MNIST.

    The tiny arrays, at /first as .npz and at /second as four files.
    """
    arrays = {
        name: Array(name, a.shape, hashlib.sha256(a).hexdigest()) for name, a in published.items()
    }
    npz = (File("mnist.npz", tuple(arrays.values()), ("sha256", "ab" * 32)),)
    idx = tuple(File(f"mnist/{NAMES[name]}", (array,)) for name, array in arrays.items())
    tiny = replace(
        table.MNIST,
        packings=(npz, idx),
        sources=(
            Source(f"{server.base}/first/", npz, "here"),
            Source(f"{server.base}/second/", idx, "there"),
        ),
    )
    monkeypatch.setattr("tf2docs.datasets.loading.MNIST", tiny)
    monkeypatch.setitem(table.SETS, "mnist", tiny)
    return tiny


@pytest.fixture(autouse=True)
def fashion(monkeypatch, published, server) -> Dataset:
    """What load_fashion_mnist takes for Fashion-MNIST.

    Files whose MD5 is known, and nothing of their arrays.
    """
    files = tuple(
        File(
            f"fashion-mnist/{NAMES[name]}",
            (Array(name, array.shape),),
            ("md5", _md5(published.idx(name))),
        )
        for name, array in published.items()
    )
    tiny = replace(
        table.FASHION_MNIST,
        packings=(files,),
        sources=(Source(f"{server.base}/fashion/", files, "here"),),
    )
    monkeypatch.setattr("tf2docs.datasets.loading.FASHION_MNIST", tiny)
    monkeypatch.setitem(table.SETS, "fashion_mnist", tiny)
    return tiny


@pytest.fixture
def hurry(monkeypatch):
    """Patience of a moment, so that tests of waiting are short."""
    monkeypatch.setattr("tf2docs.datasets.fetching._PATIENCE", 0.3)


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
