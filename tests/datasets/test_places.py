"""Folders and mirrors that are named wrongly, homes that aren't there.

The search goes on, and its message says all.
"""

import contextlib
import multiprocessing
import os
import re
import socket
import stat
import sys
import warnings

import pytest

from tf2docs.datasets import (
    DatasetNotFoundError,
    WrongDatasetError,
    load_fashion_mnist,
    load_mnist,
    places,
)
from tf2docs.datasets.__main__ import main

FIRST = "/first/mnist.npz"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")


def make_file(home):
    (home / "file").write_text("a file")
    return home / "file"


def make_loop(home):
    (home / "loop").symlink_to(home / "loop")
    return home / "loop"


def make_broken_link(home):
    (home / "broken").symlink_to(home / "gone")
    return home / "broken"


def make_pipe(home):
    os.mkfifo(home / "pipe")
    return home / "pipe"


# What a folder may be named, and what is said of it

FOLDERS = {
    "of nobody": (
        lambda home: "~nobody-at-all/d",
        "the system doesn't know where ~nobody-at-all/d is",
    ),
    "of nobody, with a slash": (
        lambda home: "~nobody-at-all/",
        "the system doesn't know where ~nobody-at-all is",
    ),
    "too long a name": (lambda home: home / ("x" * 300), "File name too long"),
    "too long a path": (lambda home: "/" + "x/" * 5000, "File name too long"),
    "a file": (make_file, "this is no folder"),
    "below a file": (lambda home: make_file(home) / "d", "Not a directory"),
    "a pipe": (make_pipe, "this is no folder"),
    "a device": (lambda home: "/dev/null", "this is no folder"),
    "a broken link": (make_broken_link, "there is no such folder"),
    "a loop of links": (make_loop, "Too many levels of symbolic links"),
    "below a loop of links": (
        lambda home: make_loop(home) / "d",
        "Too many levels of symbolic links",
    ),
    "nothing": (lambda home: home / "nothing", "there is no such folder"),
    "nothing, with spaces": (lambda home: "   ", "there is no such folder"),
    "an address": (lambda home: "https://host/data", "there is no such folder"),
    "Chinese": (lambda home: home / "数据", "there is no such folder"),
    "a line end": (lambda home: home / "a\nb", "there is no such folder"),
    "no Unicode": (
        lambda home: os.fsdecode(os.fsencode(home) + b"/\xff"),
        "there is no such folder",
    ),
    "a folder without the files": (lambda home: home, "not there"),
    "the root": (lambda home: "/", "not there"),
}


@pytest.mark.parametrize("load", [load_mnist, load_fashion_mnist])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_named_folder_that_is_none_is_said_with_the_ways_out(
    folder, load, home, monkeypatch, server
):
    make, said = FOLDERS[folder]
    monkeypatch.setenv("TF2DOCS_DATA", str(make(home)))
    with pytest.raises(DatasetNotFoundError) as caught:
        load()
    message = str(caught.value)
    assert f"\n    {said}" in message
    assert "Unset TF2DOCS_DATA" in message and "Let TF2DOCS_DATA name the folder" in message
    assert server.asked == []


@pytest.mark.parametrize("variable", ["KERAS_HOME", "XDG_CACHE_HOME"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_cache_in_a_strange_place_costs_only_the_copy(
    folder, variable, home, monkeypatch, server, npz, published
):
    place = make_strange(folder, variable, home, monkeypatch)
    server.answers[FIRST] = server.whole(npz)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert published.same(load_mnist())
    assert server.asked == [FIRST] * (1 if place == "KERAS_HOME" else len(server.asked))


@pytest.mark.parametrize("variable", ["KERAS_HOME", "XDG_CACHE_HOME"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_cache_in_a_strange_place_is_listed_where_nothing_helps(
    folder, variable, home, monkeypatch
):
    make_strange(folder, variable, home, monkeypatch)
    with pytest.raises(DatasetNotFoundError) as caught:
        load_mnist()
    for place in (places.keras_cache(), places.own_cache()):
        assert f"  {place / 'mnist.npz'}\n" in str(caught.value) or f"  {place}\n" in str(
            caught.value
        )


def make_strange(folder, variable, home, monkeypatch) -> str:
    monkeypatch.chdir(home)
    path = str(FOLDERS[folder][0](home))
    if (folder, variable) == ("the root", "XDG_CACHE_HOME"):
        path = "/proc"  # a test that runs as root would really fill the root
    if variable == "KERAS_HOME":
        monkeypatch.setenv("KERAS_HOME", path)
    else:
        monkeypatch.setattr("pooch.os_cache", lambda project: f"{path}/{project}")
    return variable


# Homes


@pytest.fixture
def nameless(monkeypatch):
    """No name of a host but this machine's address is known."""

    def look_up(host, *rest, **options):
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *rest, **options)

    known = socket.getaddrinfo
    monkeypatch.setattr("socket.getaddrinfo", look_up)


def as_nobody(work) -> int:
    """Run a function in a process of a user whom the system doesn't know, without HOME.

    0 if it returned.
    """

    def run():
        for name in ("HOME", "KERAS_HOME", "XDG_CACHE_HOME"):
            os.environ.pop(name, None)
        os.setuid(54321)
        work()

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    child.join(30)
    return child.exitcode


@pytest.mark.skipif(not AS_ROOT, reason="becomes somebody else, and so must be root")
def test_who_has_no_home_gets_the_data_all_the_same(monkeypatch, server, npz, published):
    import filelock  # noqa: F401 - while we may still read it
    import platformdirs

    monkeypatch.setattr("pooch.os_cache", lambda project: platformdirs.user_cache_dir(project))
    server.answers[FIRST] = server.whole(npz)

    def work():
        with pytest.warns(
            UserWarning, match=r"couldn't be kept in ~/.cache/tf2docs: the system doesn't know"
        ):
            assert published.same(load_mnist())
        server.answers.clear()

    assert as_nobody(work) == 0


@pytest.mark.skipif(not AS_ROOT, reason="becomes somebody else, and so must be root")
def test_who_has_no_home_is_told_so_where_nothing_helps(monkeypatch):
    import platformdirs

    monkeypatch.setattr("pooch.os_cache", lambda project: platformdirs.user_cache_dir(project))

    def work():
        with pytest.raises(
            DatasetNotFoundError, match=r"~/.keras/datasets\n    the system doesn't know where"
        ):
            load_mnist()

    assert as_nobody(work) == 0


@pytest.mark.parametrize("value", ["/nonexistent/home", "/dev/null", "/proc"])
def test_a_home_that_is_none_is_no_reason_to_go_without_the_data(
    value, monkeypatch, server, npz, published, home
):
    import platformdirs

    monkeypatch.chdir(home)
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setattr("pooch.os_cache", lambda project: platformdirs.user_cache_dir(project))
    monkeypatch.setenv("HOME", value)
    if AS_ROOT:
        monkeypatch.setenv("HOME", f"/proc{value}")  # where root can't make a folder either
    server.answers[FIRST] = server.whole(npz)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert published.same(load_mnist())


@pytest.mark.parametrize("variable", ["TF2DOCS_DATA", "KERAS_HOME"])
def test_a_working_folder_that_was_removed_is_said(variable, monkeypatch, tmp_path):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setenv(variable, "data")
    with pytest.raises(
        DatasetNotFoundError, match=r"data(/datasets)?\n    the system doesn't know where data"
    ):
        load_mnist()


@pytest.mark.skipif(not AS_ROOT, reason="becomes somebody else, and so must be root")
@pytest.mark.parametrize("variable", ["TF2DOCS_DATA", "KERAS_HOME"])
def test_a_forbidden_folder_is_said(variable, monkeypatch, home):
    (home / "forbidden").mkdir(mode=0o700)
    for parent in [home, *home.parents][:-2]:
        parent.chmod(parent.stat().st_mode | 0o755)
    monkeypatch.setenv(variable, str(home / "forbidden" / "d"))
    os.seteuid(65534)
    try:
        with pytest.raises(DatasetNotFoundError, match=r"forbidden/d.*\n    Permission denied"):
            load_mnist()
    finally:
        os.seteuid(0)


# What bears a file's name in a folder


def pipe(path):
    os.mkfifo(path)


def folder(path):
    path.mkdir()


def device(path):
    path.symlink_to("/dev/zero")


def terminal(path):
    path.symlink_to("/dev/tty")


def loop(path):
    path.symlink_to(path)


def terabyte(path):
    with path.open("wb") as file:
        file.truncate(1 << 40)


def bound_socket(path):
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as bound:
        bound.bind(path.name)


def memory(path):
    path.symlink_to("/proc/self/mem")


NAMESAKES = (pipe, folder, device, terminal, loop, terabyte, bound_socket, memory)


@pytest.mark.parametrize("make", NAMESAKES)
def test_what_only_bears_a_file_s_name_in_the_named_folder_is_said(make, home, monkeypatch):
    make(home / "mnist.npz")
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises((DatasetNotFoundError, WrongDatasetError)) as caught:
        load_mnist()
    assert str(home / "mnist.npz") in str(caught.value) and "nset TF2DOCS_DATA" in str(caught.value)


@pytest.mark.parametrize("cache", ["keras_cache", "own_cache"])
@pytest.mark.parametrize("make", NAMESAKES)
def test_what_only_bears_a_file_s_name_in_a_cache_is_passed_over(
    make, cache, request, server, npz, published, recwarn
):
    place = request.getfixturevalue(cache)
    place.mkdir(parents=True)
    make(place / "mnist.npz")
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert any(f"{place / 'mnist.npz'} was passed over" in str(one.message) for one in recwarn)


@pytest.mark.parametrize("make", NAMESAKES)
def test_what_only_bears_a_file_s_name_is_listed_as_broken(make, keras_cache, capsys):
    keras_cache.mkdir(parents=True)
    make(keras_cache / "mnist.npz")
    assert main([]) == 1
    assert f"BROKEN {keras_cache / 'mnist.npz'}" in capsys.readouterr().out


@pytest.mark.parametrize("make", [one for one in NAMESAKES if one is not folder])
def test_a_folder_is_filled_although_something_bears_the_name(
    make, keras_cache, published, home, npz
):
    published.save_npz(keras_cache)
    (home / "stick").mkdir()
    make(home / "stick" / "mnist.npz")
    assert main(["mnist", "--folder", str(home / "stick")]) == 0
    assert (home / "stick" / "mnist.npz").read_bytes() == npz
    assert not (home / "stick" / "mnist.npz").is_symlink()


def test_a_link_to_the_file_is_as_good_as_the_file(home, keras_cache, published):
    keras_cache.mkdir(parents=True)
    (keras_cache / "mnist.npz").symlink_to(published.save_npz(home / "elsewhere"))
    assert published.same(load_mnist())


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077, 0o002])
@pytest.mark.parametrize("from_cache", [True, False])
def test_a_filled_folder_is_as_readable_as_the_umask_says(
    mask, from_cache, home, published, keras_cache, server, npz
):
    if from_cache:
        published.save_npz(keras_cache)
    server.answers[FIRST] = server.whole(npz)
    before = os.umask(mask)
    try:
        assert main(["mnist", "--folder", str(home / "stick")]) == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((home / "stick" / "mnist.npz").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_a_folder_that_can_not_be_is_refused_at_once(name, capsys):
    with pytest.raises(SystemExit):
        main(["mnist", "--folder", name])
    assert "names no folder" in capsys.readouterr().err


@pytest.mark.parametrize("folder", [one for one in FOLDERS if one != "the root"])
def test_a_folder_to_fill_may_be_anything(
    folder, home, published, keras_cache, monkeypatch, capsys
):
    monkeypatch.chdir(home)
    published.save_npz(keras_cache)
    status = main(["mnist", "--folder", str(FOLDERS[folder][0](home))])
    said = capsys.readouterr()
    assert (status == 0 and "is whole" in said.out) or (
        status == 1 and said.err.startswith("mnist: ")
    )


# Mirrors

MIRRORS = {
    "half an address": "http://[::1/x",
    "of ftp": "ftp://host/x",
    "a folder": "/srv/data",
    "a folder as an address": "file:///srv/data",
    "a host": "host.example",
    "no host": "http://",
    "no host, with a path": "https:///x",
    "only a port": "http://:80/",
    "a port that is none": "http://host:port/",
    "a port too large": "http://host:99999/",
    "port nought": "http://host:0/",
    "a negative port": "http://host:-1/",
    "a label too long": f"http://{'x' * 70}.example/",
    "an empty label": "http://a..example/",
    "strange characters": "http://\u2100/",
    "brackets": "http://[/",
    "an address of no kind": "http://[gibberish]/",
    "letters": "gibberish",
    "quotes": '"http://host/x"',
    "a percent": "http://%zz/",
}


@pytest.mark.parametrize("mirror", MIRRORS)
def test_a_mirror_that_is_none_is_said_and_the_others_are_asked(
    mirror, monkeypatch, server, npz, published, nameless
):
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{MIRRORS[mirror]} {server.base}/mine")
    server.answers["/mine/mnist.npz"] = server.whole(npz)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert published.same(load_mnist())
    server.answers.clear()


@pytest.mark.parametrize("mirror", MIRRORS)
def test_a_mirror_that_is_none_is_listed_where_nothing_helps(mirror, monkeypatch, server, nameless):
    monkeypatch.setenv("TF2DOCS_MIRROR", MIRRORS[mirror])
    with pytest.raises(DatasetNotFoundError) as caught:
        load_mnist()
    assert re.search(
        r"  TF2DOCS_MIRROR\n    .*expected addresses that begin|  http://.*\n    \w",
        str(caught.value),
    )
    assert f"{server.base}{FIRST}\n    HTTP Error 404" in str(caught.value)


@pytest.mark.parametrize("mirror", ["", " ", "\t \n"])
def test_an_empty_variable_names_no_mirror(mirror, monkeypatch, server, npz, published):
    monkeypatch.setenv("TF2DOCS_MIRROR", mirror)
    server.answers[FIRST] = server.whole(npz)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert published.same(load_mnist())


@pytest.mark.parametrize(
    "written", ["{}/mine", "{}/mine/", "{}/mine///", "  {}/mine  ", "{}/mine#part", "{}/mine/\n"]
)
def test_a_mirror_may_be_written_in_several_ways(written, monkeypatch, server, npz, published):
    monkeypatch.setenv("TF2DOCS_MIRROR", written.format(server.base))
    server.answers["/mine/mnist.npz"] = server.whole(npz)
    assert published.same(load_mnist())
    assert server.asked == ["/mine/mnist.npz"]


def test_the_scheme_of_a_mirror_may_be_in_capitals(monkeypatch, server, npz, published):
    monkeypatch.setenv("TF2DOCS_MIRROR", server.base.replace("http", "HTTP"))
    server.answers["/mnist.npz"] = server.whole(npz)
    assert published.same(load_mnist())


def test_a_mirror_s_path_may_be_chinese(monkeypatch, server, npz, published):
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{server.base}/数据")
    server.answers["/%E6%95%B0%E6%8D%AE/mnist.npz"] = server.whole(npz)
    assert published.same(load_mnist())


def test_a_mirror_s_query_stays_behind_the_file_s_path(monkeypatch, server, npz, published):
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{server.base}/mine?sig=a%2Fb&x=1")
    server.answers["/mine/mnist.npz?sig=a%2Fb&x=1"] = server.whole(npz)
    assert published.same(load_mnist())


# Proxies


PROXIES = (
    "",
    "gibberish",
    "http://[::1",
    "ftp://host",
    "socks5://127.0.0.1:1",
    "http://",
    "//",
    "http:///x",
)


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_that_is_none_ends_in_the_message(
    proxy, monkeypatch, server, npz, published, nameless
):
    server.answers[FIRST] = server.whole(npz)
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("no_proxy", "")
    if not proxy:
        assert published.same(load_mnist())
    else:
        with contextlib.suppress(DatasetNotFoundError):
            assert published.same(load_mnist())


@pytest.mark.parametrize(
    "spared", ["127.0.0.1", "*", "localhost,127.0.0.1", "127.0.0.1:80, 127.0.0.1"]
)
def test_hosts_that_need_no_proxy_are_asked_directly(spared, monkeypatch, server, npz, published):
    server.answers[FIRST] = server.whole(npz)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", spared)
    assert published.same(load_mnist())
