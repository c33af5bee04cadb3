"""Files are written all or none: on a bad day each is what it was, and nothing lies beside it."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tf2docs.pages import atomic_files
from tf2docs.pages.atomic_files import one_writer, write_files

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def two(tmp_path):
    """Two files, and what they are to become; a third is new, in a new folder."""
    (tmp_path / "a.md").write_text("old a")
    (tmp_path / "b.json").write_text("old b")
    return {
        tmp_path / "a.md": "new a",
        tmp_path / "b.json": "new b",
        tmp_path / "new" / "folder" / "c": b"new c",
    }


def everything(folder):
    """Every path below a folder, with its content."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_all_are_written_and_nothing_else(tmp_path, two):
    write_files(two)
    assert {path.name: path.read_text() for path in two} == {
        "a.md": "new a",
        "b.json": "new b",
        "c": "new c",
    }
    assert len(everything(tmp_path)) == 5


def test_a_file_that_holds_it_already_is_left_alone(tmp_path, two):
    write_files(two)
    before = {path: path.stat() for path in two}
    (tmp_path / "a.md").write_text("changed")
    write_files(two)
    after = {path: path.stat() for path in two}
    assert [path.name for path in two if after[path].st_ino != before[path].st_ino] == ["a.md"]


@pytest.mark.parametrize("name", ["write", "fsync", "replace", "mkdir"])
@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()], ids=repr
)
def test_whatever_fails_wherever_everything_is_what_it_was(
    tmp_path, two, monkeypatch, name, after, error
):
    before, calls = everything(tmp_path), []

    def failing(real):
        def call(*arguments, **options):
            calls.append(arguments)
            if len(calls) == after + 1:
                raise error
            return real(*arguments, **options)

        return call

    if name == "write":
        monkeypatch.setattr(atomic_files.os, "fdopen", failing(os.fdopen))
    elif name == "fsync":
        monkeypatch.setattr(atomic_files.os, "fsync", failing(os.fsync))
    else:
        monkeypatch.setattr(Path, name, failing(getattr(Path, name)))
    if name == "mkdir" and after == 2:
        pytest.skip("two folders are made")
    with pytest.raises(type(error)):
        write_files(two)
    assert everything(tmp_path) == before


def test_a_file_that_was_made_goes_again(tmp_path, two, monkeypatch):
    before, real = everything(tmp_path), Path.replace

    def fail_last(self, to):
        if to.name == "b.json":
            raise OSError(errno.EIO, "no more")
        return real(self, to)

    monkeypatch.setattr(Path, "replace", fail_last)
    with pytest.raises(OSError, match="no more"):
        write_files({tmp_path / "c": "new c", **two})
    assert everything(tmp_path) == before


def test_what_was_replaced_comes_back_without_hard_links(tmp_path, two, monkeypatch):
    before = everything(tmp_path)

    def fail(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", fail)
    (tmp_path / "a.md").chmod(0o640)
    real = Path.replace
    monkeypatch.setattr(
        Path, "replace", lambda self, to: fail() if to.name == "c" else real(self, to)
    )
    with pytest.raises(OSError, match="no links"):
        write_files(two)
    assert everything(tmp_path) == before
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o640


@pytest.mark.skipif(not ROOT or sys.platform != "linux", reason="mounts a small disk")
def test_a_full_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True
    ).returncode:
        pytest.skip("can't mount here")
    try:
        (disk / "a").write_text("old a")
        with pytest.raises(OSError, match="No space left on device"):
            write_files({disk / "a": "new a", disk / "b": b"x" * 100_000})
        assert everything(disk) == {disk / "a": b"old a"}
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(not ROOT or sys.platform != "linux", reason="mounts a folder")
def test_a_read_only_disk(tmp_path, two):
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", tmp_path], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("can't mount here")
    try:
        with pytest.raises(OSError, match="Read-only file system"):
            write_files(two)
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_a_file_where_a_folder_should_be(tmp_path, two):
    (tmp_path / "new").write_text("a file")
    before = everything(tmp_path)
    with pytest.raises(OSError):
        write_files(two)
    assert everything(tmp_path) == before


def test_a_folder_where_a_file_should_be(tmp_path, two):
    (tmp_path / "b.json").unlink()
    (tmp_path / "b.json").mkdir()
    before = everything(tmp_path)
    with pytest.raises(OSError, match=r"Is a directory|is in the way"):
        write_files(two)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("text", ["half \ud800 a character", "\udcff"])
def test_half_a_character_is_refused_before_anything_is_written(tmp_path, two, text):
    before = everything(tmp_path)
    with pytest.raises(ValueError, match="surrogates not allowed"):
        write_files({**two, tmp_path / "d": text})
    assert everything(tmp_path) == before


@pytest.mark.parametrize("mode", [0o664, 0o600, 0o444, 0o755])
def test_a_file_keeps_its_mode(tmp_path, two, mode):
    (tmp_path / "a.md").chmod(mode)
    write_files(two)
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == mode


def test_a_new_file_gets_the_mode_of_any_new_file(tmp_path, two):
    mask = os.umask(0o027)
    try:
        write_files(two)
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new" / "folder" / "c").stat().st_mode) == 0o640


@pytest.mark.skipif(not ROOT, reason="only root may give files away")
def test_a_file_keeps_its_owner(tmp_path, two):
    os.chown(tmp_path / "a.md", 1234, 4321)
    write_files(two)
    was = (tmp_path / "a.md").stat()
    assert (was.st_uid, was.st_gid) == (1234, 4321)


@pytest.mark.parametrize("exists", [True, False], ids=["a link to a file", "a link to nothing"])
def test_a_link_stays_a_link_and_its_target_is_written(tmp_path, two, exists):
    target = tmp_path / "elsewhere" / "a.md"
    target.parent.mkdir()
    if exists:
        target.write_text("old")
    (tmp_path / "a.md").unlink()
    (tmp_path / "a.md").symlink_to("elsewhere/a.md")
    write_files(two)
    assert (
        (tmp_path / "a.md").is_symlink()
        and target.read_text() == "new a"
        and not target.is_symlink()
    )


def test_a_link_in_a_circle_is_an_error(tmp_path, two):
    (tmp_path / "a.md").unlink()
    (tmp_path / "a.md").symlink_to("a.md")
    with pytest.raises(OSError, match="symbolic links"):
        write_files(two)
    assert (tmp_path / "b.json").read_text() == "old b"


def test_two_links_to_one_file_must_agree(tmp_path):
    (tmp_path / "file").write_text("old")
    for name in ("one", "two"):
        (tmp_path / name).symlink_to("file")
    with pytest.raises(OSError, match="two links lead to this file"):
        write_files({tmp_path / "one": "1", tmp_path / "two": "2"})
    write_files({tmp_path / "one": "1", tmp_path / "two": "1"})
    assert (tmp_path / "file").read_text() == "1"


def test_line_ends_stay_what_they_are(tmp_path):
    (tmp_path / "a").write_bytes(b"1\r\n2\r\n")
    write_files({tmp_path / "a": "3\n4\n"})
    assert (tmp_path / "a").read_bytes() == b"3\r\n4\r\n"


def test_a_name_as_long_as_names_can_be(tmp_path):
    write_files({tmp_path / ("n" * 255): "text"})
    write_files({tmp_path / ("n" * 255): "other"})
    assert (tmp_path / ("n" * 255)).read_text() == "other"


def test_a_secret_is_refused_and_not_told(tmp_path, two, monkeypatch):
    monkeypatch.setenv("SOME_TOKEN", "hunter2hunter2")
    before = everything(tmp_path)
    with pytest.raises(ValueError, match="SOME_TOKEN") as error:
        write_files({**two, tmp_path / "d": b"it is hunter2hunter2"})
    assert "hunter2" not in str(error.value)
    assert everything(tmp_path) == before


@pytest.mark.skipif(atomic_files.fcntl is None, reason="no locks of folders here")
def test_one_process_writes_at_a_time_and_the_lock_leaves_no_file(tmp_path):
    code = (
        "import sys; from pathlib import Path; from tf2docs.pages.atomic_files import one_writer\n"
        "with one_writer(Path(sys.argv[1])): print('in')"
    )
    with one_writer(tmp_path):
        other = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(1.5)
    assert other.communicate(timeout=20)[0] == b"in\n"
    assert list(tmp_path.iterdir()) == []
