import json
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from tf2docs import workers as workers_module
from tf2docs.workers import WorkerError, run_workers, tf_config


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write functions to a module that workers can import, and import it."""

    def write(code):
        name = f"lesson_{tmp_path.name}".replace("-", "_")
        (tmp_path / f"{name}.py").write_text(f"import json, os, sys, time\n{textwrap.dedent(code)}")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setenv("LESSON", str(tmp_path))
        return __import__(name)

    return write


NOTE_PID = """
    def note():
        index = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
        with open(os.path.join(os.environ["LESSON"], f"pid{index}"), "w") as file:
            file.write(str(os.getpid()))
        return index
"""


def pids(folder, count=2):
    deadline = time.monotonic() + 30
    files = [folder / f"pid{index}" for index in range(count)]
    while not all(file.exists() and file.read_text() for file in files):
        assert time.monotonic() < deadline, "the workers didn't start"
        time.sleep(0.02)
    return [int(file.read_text()) for file in files]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_tf_config_names_everyone_and_this_one():
    assert json.loads(tf_config(["a:1", "b:2"], 1)) == {
        "cluster": {"worker": ["a:1", "b:2"]},
        "task": {"type": "worker", "index": 1},
    }


@pytest.mark.parametrize("index", [-1, 2, np.int64(2)])
def test_tf_config_has_one_place_per_address(index):
    with pytest.raises(ValueError, match=f"index is {index}, expected a whole number from 0 to 1"):
        tf_config(["a:1", "b:2"], index)


@pytest.mark.parametrize("index", ["0", 0.0, True, None])
def test_a_place_is_a_whole_number(index):
    with pytest.raises(
        TypeError, match=f"index is {index!r}, .*expected a whole number from 0 to 1"
    ):
        tf_config(["a:1", "b:2"], index)


@pytest.mark.parametrize("index", [1, np.int64(1), np.uint8(1)])
@pytest.mark.parametrize("form", [list, tuple, iter, np.array, dict.fromkeys])
def test_addresses_and_places_of_any_form_are_written_alike(form, index):
    assert tf_config(form(["a:1", "b:2"]), index) == tf_config(["a:1", "b:2"], 1)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:10001",
        "localhost:1",
        "gpu-2.example.org:65535",
        "my_host:80",
        "[::1]:8000",
        "[fe80::1]:80",
    ],
)
def test_an_address_is_a_host_and_a_port(address):
    assert json.loads(tf_config([address], 0))["cluster"]["worker"] == [address]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "a:",
        ":1",
        "a:b",
        "a:0",
        "a:65536",
        "a:-1",
        "a:1.5",
        "http://a:1",
        "a:1/x",
        "::1:80",
        "",
        "a b:1",
        1,
    ],
)
def test_what_is_no_address_is_named(address):
    with pytest.raises(
        ValueError,
        match=f"addresses has {re.escape(repr(address))}, expected a list such as.*host:port",
    ):
        tf_config(["b:2", address], 0)


@pytest.mark.parametrize("addresses", ["127.0.0.1:10001", b"a:1", 3, None])
def test_what_is_no_list_of_addresses_is_named(addresses):
    with pytest.raises(
        TypeError,
        match=rf"addresses is {re.escape(repr(addresses))}, expected a list such as \['192",
    ):
        tf_config(addresses, 0)


def test_no_addresses_are_refused():
    with pytest.raises(ValueError, match=r"addresses is empty, expected a list such as \['192"):
        tf_config([], 0)


def test_an_address_that_comes_twice_is_named():
    with pytest.raises(
        ValueError, match="addresses has 'a:1' twice, expected one of its own for each worker"
    ):
        tf_config(["a:1", "b:2", "a:1"], 0)


def test_workers_return_what_their_function_returns_in_order(module):
    lesson = module("def place(): return json.loads(os.environ['TF_CONFIG'])['task']['index']")
    assert run_workers(lesson.place, workers=3) == [0, 1, 2]


def test_workers_agree_on_addresses_of_their_own(module):
    lesson = module("def config(): return json.loads(os.environ['TF_CONFIG'])['cluster']['worker']")
    first, second = run_workers(lesson.config)
    assert first == second
    assert len(set(first)) == 2
    assert all(address.startswith("127.0.0.1:") for address in first)


def test_workers_compute_on_the_cpu_and_pass_by_proxies(module):
    lesson = module(
        "def seen(): return [os.environ['CUDA_VISIBLE_DEVICES'], os.environ['no_grpc_proxy']]"
    )
    assert run_workers(lesson.seen, workers=1) == [["-1", "127.0.0.1"]]


def test_what_a_worker_prints_is_no_result(module, capfd):
    lesson = module("def chat(): print('hello', flush=True); return 1")
    assert run_workers(lesson.chat) == [1, 1]
    assert capfd.readouterr() == ("", "")


def test_the_error_of_a_worker_comes_through_and_no_worker_stays(module, tmp_path):
    lesson = module(
        NOTE_PID
        + """
    def fail():
        if note() == 0:
            time.sleep(60)
        print("about to fail")
        print("the last warning", file=sys.stderr)
        while not os.path.exists(os.path.join(os.environ["LESSON"], "pid0")): time.sleep(0.01)
        raise KeyError("no such layer")
    """
    )
    start = time.monotonic()
    with pytest.raises(
        WorkerError, match=r"(?s)worker 1 of 2 ended with exit code 1.*KeyError: 'no such layer'"
    ) as told:
        run_workers(lesson.fail)
    assert told.value.index == 1
    assert "about to fail" in told.value.log
    assert "the last warning" in str(told.value)
    assert time.monotonic() - start < 30
    assert not any(map(is_running, pids(tmp_path)))


def test_a_long_log_is_shown_by_its_end_and_kept_whole(module):
    lesson = module(
        "def talk():\n    for line in range(500): print('line', line)\n"
        "    raise ValueError('enough')"
    )
    with pytest.raises(WorkerError) as told:
        run_workers(lesson.talk, workers=1)
    assert "line 499" in str(told.value)
    assert "line 100\n" not in str(told.value)
    assert "line 100\n" in told.value.log


def test_a_worker_that_takes_too_long_is_ended(module, tmp_path):
    lesson = module(
        NOTE_PID + "\n    def sleep():\n        print('asleep', note(), flush=True); time.sleep(60)"
    )
    with pytest.raises(
        WorkerError, match=r"(?s)worker 0 of 2 wasn't done after 3 s, the time limit.*asleep 0"
    ):
        run_workers(lesson.sleep, time_limit=3)
    assert not any(map(is_running, pids(tmp_path)))


def test_a_worker_that_dies_is_told_by_its_signal(module):
    lesson = module("def die(): os.kill(os.getpid(), 9)")
    with pytest.raises(
        WorkerError,
        match=r"worker 0 of 1 ended with signal 9\. The end of what it wrote:\n\(nothing\)",
    ):
        run_workers(lesson.die, workers=1)


def test_a_worker_that_leaves_by_itself_has_failed(module):
    lesson = module("def leave(): sys.exit(0)")
    with pytest.raises(WorkerError, match=r"(?s)exit code 1.*SystemExit: 0"):
        run_workers(lesson.leave, workers=1)


def test_a_result_that_json_cannot_hold_is_an_error(module):
    lesson = module("def odd(): return {1, 2}")
    with pytest.raises(WorkerError, match="Object of type set is not JSON serializable"):
        run_workers(lesson.odd, workers=1)


def test_a_fast_worker_stays_until_the_slow_one_is_done(module):
    lesson = module(
        NOTE_PID
        + """
    def both():
        if note() == 0: return True
        time.sleep(1)
        with open(os.path.join(os.environ["LESSON"], "pid0")) as file: os.kill(int(file.read()), 0)
        return True
    """
    )
    assert run_workers(lesson.both) == [True, True]


def test_ctrl_c_ends_the_workers(module, tmp_path, monkeypatch):
    lesson = module(NOTE_PID + "\n    def sleep():\n        note(); time.sleep(60)")
    found, sleep = [], time.sleep

    def interrupt(seconds):
        monkeypatch.setattr(time, "sleep", sleep)
        found.extend(pids(tmp_path))
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_workers(lesson.sleep)
    assert len(found) == 2
    assert not any(map(is_running, found))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_workers_end_with_the_process_that_started_them(module, tmp_path):
    lesson = module(NOTE_PID + "\n    def sleep():\n        note(); time.sleep(60)")
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; import tf2docs.workers as w, {lesson.__name__} "
        "as m"
    )
    parent = subprocess.Popen([sys.executable, "-c", f"{code}; w.run_workers(m.sleep)"])
    try:
        found = pids(tmp_path)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 10
    while any(map(is_running, found)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, found))


@pytest.mark.skipif(not hasattr(socket, "SO_REUSEPORT"), reason="ports can't be shared here")
def test_the_port_of_a_worker_is_taken_for_everyone_else():
    with workers_module._held_address() as address, socket.socket() as other:
        port = int(address.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))


@pytest.mark.skipif(not hasattr(socket, "SO_REUSEPORT"), reason="ports can't be shared here")
def test_a_worker_can_listen_on_the_port_that_is_held_for_it(module):
    lesson = module(
        """
    def listen():
        import socket
        config = json.loads(os.environ["TF_CONFIG"])
        host, port = config["cluster"]["worker"][config["task"]["index"]].split(":")
        with socket.socket() as server, socket.socket() as client:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            server.bind((host, int(port)))
            server.listen()
            client.connect((host, int(port)))
            return server.accept()[1][0]
    """
    )
    assert run_workers(lesson.listen) == ["127.0.0.1", "127.0.0.1"]


def test_a_function_that_cannot_be_imported_is_refused_at_once():
    def nested(): ...

    notebook = type(nested)(nested.__code__, {"__name__": "__main__"}, "cell")
    for function in (nested, lambda: 1, len, notebook):
        with pytest.raises(
            ValueError, match=r"can't be imported by another process.*Put it in a file"
        ):
            run_workers(function)


def test_a_function_that_needs_arguments_is_refused_at_once(module):
    lesson = module(
        "def add(one, other, *more, third=3): return one\ndef free(*more, third=3): return 1"
    )
    with pytest.raises(
        TypeError, match="add needs one, other, expected a function that can be called without"
    ):
        run_workers(lesson.add)
    assert run_workers(lesson.free, workers=np.int64(1), time_limit=np.float32(60)) == [1]


@pytest.mark.parametrize(
    ("numbers", "error", "message"),
    [
        ({"workers": 0}, ValueError, "workers is 0, expected a whole number of at least 1"),
        ({"workers": 2.0}, TypeError, "workers is 2.0, a float"),
        ({"workers": "2"}, TypeError, "workers is '2', a str"),
        ({"time_limit": 0}, ValueError, "time_limit is 0, expected more than 0 seconds"),
        ({"time_limit": -1.5}, ValueError, "time_limit is -1.5, expected more than 0"),
        ({"time_limit": float("nan")}, ValueError, "time_limit is nan, expected a finite number"),
        ({"time_limit": "60"}, TypeError, "time_limit is '60', a str"),
        ({"time_limit": None}, TypeError, "time_limit is None"),
    ],
)
def test_numbers_out_of_range_are_refused(numbers, error, message, module):
    lesson = module("def free(): return 1")
    with pytest.raises(error, match=message):
        run_workers(lesson.free, **numbers)
