"""What a disk can do to a download, and what several processes can do to each other."""

import contextlib
import errno
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

import pytest

from tf2docs.datasets import keeping, load_mnist, save_stand_in
from tf2docs.datasets.__main__ import main

FIRST = "/first/mnist.npz"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
forks = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="needs fork"
)


def in_a_child(work) -> int:
    """Run a function in another process, and return its exit status: 0 if it returned."""
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(30)
    return child.exitcode


def loads_aloud(published, said: str) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert published.same(load_mnist())
    assert any(re.search(said, str(warning.message)) for warning in seen)


# Places that can't be written


@forks
@pytest.mark.parametrize("lacking", [30_000, 100])
def test_a_full_disk_costs_only_the_copy(lacking, published, server, npz, left):
    """The system refuses to let a file grow to its end.

    Writing fails in the middle, as on a full disk.
    """
    import resource

    def work():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(npz) - lacking,) * 2)
        loads_aloud(published, r"couldn't be kept in .*: File too large")

    server.answers[FIRST] = server.whole(npz)
    assert in_a_child(work) == 0
    assert left() == []


@pytest.mark.skipif(not AS_ROOT or sys.platform != "linux", reason="mounts a small disk")
def test_a_really_full_disk_costs_only_the_copy(published, server, npz, left, own_cache):
    own_cache.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", own_cache], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this system doesn't let us mount")
    try:
        server.answers[FIRST] = server.whole(npz)
        loads_aloud(published, r"couldn't be kept in .*: No space left on device")
        assert left() == []
    finally:
        subprocess.run(["umount", own_cache], check=True)


def test_a_cache_that_is_no_folder_costs_only_the_copy(published, server, npz, own_cache):
    own_cache.parent.mkdir(parents=True)
    own_cache.write_bytes(b"a file stands here")
    server.answers[FIRST] = server.whole(npz)
    loads_aloud(published, r"couldn't be kept in .*: (File exists|Not a directory)")
    assert own_cache.read_bytes() == b"a file stands here"


@pytest.mark.skipif(not AS_ROOT, reason="becomes somebody else, and so must be root")
@pytest.mark.parametrize("exists", [True, False])
def test_a_read_only_cache_costs_only_the_copy(exists, published, server, npz, monkeypatch):
    load_read_only(
        exists,
        published,
        server,
        npz,
        monkeypatch,
        lambda: os.seteuid(65534),
        lambda: os.seteuid(0),
    )


@pytest.mark.skipif(AS_ROOT or sys.platform == "win32", reason="root may write everywhere")
@pytest.mark.parametrize("exists", [True, False])
def test_a_read_only_cache_costs_only_the_copy_for_users_too(
    exists, published, server, npz, monkeypatch
):
    load_read_only(exists, published, server, npz, monkeypatch, lambda: None, lambda: None)


def load_read_only(exists, published, server, npz, monkeypatch, become_nobody, become_oneself):
    import filelock  # noqa: F401 - while we may still read it

    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "tf2docs" if not exists else Path(folder)
        monkeypatch.setattr("pooch.os_cache", lambda project: cache)
        monkeypatch.setenv("KERAS_HOME", str(Path(folder) / "keras"))
        Path(folder).chmod(0o555)
        server.answers[FIRST] = server.whole(npz)
        become_nobody()
        try:
            loads_aloud(published, r"couldn't be kept in .*: Permission denied")
        finally:
            become_oneself()
        assert list(Path(folder).iterdir()) == []
        Path(folder).chmod(0o755)


def test_a_place_that_can_not_be_taken_costs_only_the_copy(published, server, npz, own_cache, left):
    (own_cache / "mnist.npz").mkdir(parents=True)  # a folder bears the file's name
    server.answers[FIRST] = server.whole(npz)
    with pytest.warns(UserWarning, match=r"couldn't be kept in|passed over"):
        assert published.same(load_mnist())
    assert left() == []


def test_a_file_system_without_locks_costs_only_the_copy(published, server, npz, monkeypatch, left):
    def without(*args, **options):
        raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr("filelock.FileLock.acquire", without)
    server.answers[FIRST] = server.whole(npz)
    loads_aloud(published, "couldn't be kept in .* support flock")
    assert left() == []


def test_a_damaged_file_in_a_cache_that_can_not_be_read_is_said(
    published, server, npz, own_cache, keras_cache
):
    (keras_cache / "mnist.npz").mkdir(parents=True)
    server.answers[FIRST] = server.whole(npz)
    loads_aloud(published, "mnist.npz was passed over, it can't be used as MNIST: Is a directory")


# Runs that were killed


@forks
def test_what_a_killed_run_left_is_gone_on_with_and_never_read(
    published, server, npz, left, own_cache
):
    server.answers[FIRST] = server.in_turn(server.cut(npz, 20_000, wait=30), server.whole(npz))
    child = multiprocessing.get_context("fork").Process(target=load_mnist)
    child.start()
    part = own_cache / "mnist.npz.part"
    wait_for(lambda: part.exists() and part.stat().st_size == 20_000)
    os.kill(child.pid, signal.SIGKILL)
    child.join(10)
    assert left() == ["mnist.npz.part", "mnist.npz.part.json"]
    assert published.same(load_mnist())
    assert server.ranges == [None, "bytes=20000-"]
    assert left() == ["mnist.npz"]


@pytest.mark.parametrize("size", [0, 1, 20_000])
def test_a_half_written_file_under_the_real_name_is_never_used(
    size, published, server, npz, own_cache, left
):
    own_cache.mkdir(parents=True)
    (own_cache / "mnist.npz").write_bytes(npz[:size])
    server.answers[FIRST] = server.whole(npz)
    loads_aloud(published, "passed over")
    assert left() == ["mnist.npz"]
    assert (own_cache / "mnist.npz").read_bytes() == npz


# Several at once


@forks
def test_of_many_processes_one_downloads_and_all_get_the_arrays(published, server, npz, left):
    def slowly(handler):
        time.sleep(0.3)
        server.whole(npz)(handler)

    def work():
        assert published.same(load_mnist())

    server.answers[FIRST] = slowly
    children = [multiprocessing.get_context("fork").Process(target=work) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join(30)
    assert [child.exitcode for child in children] == [0, 0, 0, 0]
    assert server.asked == [FIRST]
    assert left() == ["mnist.npz"]


def test_of_many_threads_one_downloads(published, server, npz, left):
    loaded = []
    server.answers[FIRST] = server.whole(npz)
    threads = [threading.Thread(target=lambda: loaded.append(load_mnist())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(loaded) == 4 and all(published.same(one) for one in loaded)
    assert server.asked == [FIRST]


def test_who_waited_finds_the_set_in_whatever_form_it_came(published, server, home):
    files = {path.name: path.read_bytes() for path in published.save_idx(home / "served").iterdir()}
    server.offer("/second", files)
    threads = [threading.Thread(target=load_mnist) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(server.asked) == sorted([FIRST, *(f"/second/{name}" for name in files)])


@forks
def test_the_lock_of_a_killed_process_is_free(published, server, npz, own_cache):
    def work():
        with keeping.locked(own_cache, "mnist"):
            time.sleep(30)

    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    wait_for(lambda: (own_cache / "mnist.lock").exists())
    os.kill(child.pid, signal.SIGKILL)
    child.join(10)
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())


def test_a_lock_that_is_never_freed_is_not_waited_for_for_ever(
    published, server, npz, own_cache, monkeypatch
):
    monkeypatch.setattr(keeping, "_LOCK_LIMIT", 0.2)
    server.answers[FIRST] = server.whole(npz)
    with keeping.locked(own_cache, "mnist"):
        loads_aloud(published, r"couldn't be kept in .*: another process has been downloading")


@forks
def test_a_process_that_hangs_is_not_waited_for_for_long(
    published, server, npz, own_cache, monkeypatch
):
    def work():
        with keeping.locked(own_cache, "mnist"):
            (own_cache / "held").touch()
            time.sleep(60)

    monkeypatch.setattr(keeping, "_LOCK_LIMIT", 0.3)
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    wait_for(lambda: (own_cache / "held").exists())
    os.kill(child.pid, signal.SIGSTOP)
    server.answers[FIRST] = server.whole(npz)
    began = time.monotonic()
    try:
        loads_aloud(
            published,
            r"got no further for 0.3 seconds; end it if it hangs \(it holds .*mnist.lock\)",
        )
        assert time.monotonic() - began < 5
    finally:
        child.kill()
        child.join(10)


def test_who_gets_on_is_waited_for(published, server, npz, own_cache, monkeypatch):
    monkeypatch.setattr(keeping, "_LOCK_LIMIT", 0.4)
    monkeypatch.setattr(keeping, "_BETWEEN", 0.05)
    server.answers[FIRST] = server.whole(npz)
    waited = []

    def wait():
        began = time.monotonic()
        assert published.same(load_mnist())
        waited.append(time.monotonic() - began)

    with keeping.locked(own_cache, "mnist"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        for size in range(1, 11):  # longer than the limit, and some bytes come each time
            (own_cache / "mnist.npz.part").write_bytes(bytes(size))
            time.sleep(0.15)
        (own_cache / "mnist.npz.part").unlink()
        published.save_npz(own_cache)
    waiting.join(10)
    assert waited and waited[0] > 1
    assert server.asked == []  # it found what the other had fetched


@pytest.mark.parametrize("code", ["ENOSYS", "ENOTSUP", "ENOLCK", "EINVAL", "EIO", "EPERM"])
def test_no_file_system_without_locks_makes_anybody_wait(
    code, published, server, npz, monkeypatch, left
):
    def without(*args):
        raise OSError(getattr(errno, code), os.strerror(getattr(errno, code)))

    monkeypatch.setattr("fcntl.flock", without)
    server.answers[FIRST] = server.whole(npz)
    began = time.monotonic()
    loads_aloud(published, "couldn't be kept in")
    assert time.monotonic() - began < 5
    assert left() == []


def test_who_waits_for_another_process_is_told(capsys, own_cache, monkeypatch):
    monkeypatch.setattr(keeping, "_LOCK_LIMIT", 0.2)
    monkeypatch.setattr("tf2docs.datasets.progress.watched", lambda: True)
    with keeping.locked(own_cache, "mnist"), contextlib.suppress(keeping.CannotKeepError):  # noqa: SIM117
        with keeping.locked(own_cache, "mnist"):
            pass
    assert "waiting for another process, which is downloading mnist" in capsys.readouterr().err


# Runs that are interrupted


@pytest.mark.parametrize("where", ["show", "receive"])
def test_an_interrupted_download_goes_on_later(where, published, server, npz, monkeypatch, left):
    def interrupted(*args):
        raise KeyboardInterrupt

    server.answers[FIRST] = server.cut(npz, 20_000, wait=0.5)
    with monkeypatch.context() as patched:
        if where == "show":
            patched.setattr("tf2docs.datasets.progress.Progress.show", interrupted)
        else:
            patched.setattr("tf2docs.datasets.fetching._PATIENCE", 9.0)
            interrupting = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
            interrupting.start()
            # a job in the background ignores it
            signal.signal(signal.SIGINT, signal.default_int_handler)
        with pytest.raises(KeyboardInterrupt):
            load_mnist()
    assert left() == ["mnist.npz.part", "mnist.npz.part.json"]
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert server.ranges[-1] and server.ranges[-1] != "bytes=0-"
    assert left() == ["mnist.npz"]


# Whole or not at all


@forks
@pytest.mark.parametrize("room", [0, 5_000])
def test_a_folder_on_a_full_disk_is_left_as_it_was(room, published, keras_cache, home):
    import resource

    def work():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        assert main(["mnist", "--folder", str(home / "stick")]) == 1

    published.save_npz(keras_cache)
    (home / "stick").mkdir()
    assert in_a_child(work) == 0
    assert list((home / "stick").iterdir()) == []


@forks
def test_two_processes_fill_one_folder(published, keras_cache, home, npz):
    published.save_npz(keras_cache)
    children = [
        multiprocessing.get_context("fork").Process(
            target=main, args=[["mnist", "--folder", str(home / "stick")]]
        )
        for _ in range(4)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(30)
    assert [path.name for path in (home / "stick").iterdir()] == ["mnist.npz"]
    assert (home / "stick" / "mnist.npz").read_bytes() == npz


def test_a_half_written_copy_is_never_left(home, monkeypatch):
    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_stand_in(home / "folder")
    assert list((home / "folder").iterdir()) == []


def wait_for(condition) -> None:
    for _ in range(500):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("it didn't happen in 10 seconds")
