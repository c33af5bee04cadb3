"""What Windows hasn't, and what stands for it, as far as another system can tell.

Modules and functions that aren't there are taken away, and the kernel is one that takes notes.
"""

import ctypes
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tf2docs.pages.running.windows_tree import end_together

ROOT = Path(__file__).parents[3]
AS_THERE = """
import ctypes, json, multiprocessing.forkserver, os, signal, socket, subprocess, sys, sysconfig
from pathlib import Path

sysconfig.get_config_vars()  # Linux's, which Python itself needs here
sys.platform = "win32"
for name in ("fcntl", "resource", "termios", "pwd", "grp"):
    sys.modules[name] = None
for name in "setsid fork forkpty killpg getppid waitid O_NONBLOCK O_NOFOLLOW".split():
    delattr(os, name)
del signal.SIGKILL
load, started = ctypes.CDLL, []

def refuse(name, *arguments, **options):
    if name is None:
        raise TypeError("argument of type 'NoneType' is not iterable")  # what Windows' ctypes says
    return load(name, *arguments, **options)

class Kernel:
    def __getattr__(self, name):
        def call(*arguments):
            started.append(name)
            return 1
        self.__dict__[name] = call
        return call

ctypes.CDLL, ctypes.WinDLL = refuse, lambda name: Kernel()
from tf2docs.pages.running import runner
from tf2docs.pages.running.child import run_job
from tf2docs.pages.running.jobs import Job, Step

folder = Path(sys.argv[1])
code = "import os; print(os.path.expanduser('~') == os.environ['USERPROFILE'] == os.getcwd())"
steps = (Step(code, 1), Step("print(6 * 7)", 2))
job = Job("page", steps, folder / "page.py", folder)
ours, pages = socket.socketpair()
run_job(job, pages, b"token")
pages.close()
said = b"".join(iter(lambda: ours.recv(1 << 16), b""))
(folder / "said").write_bytes(said)
(folder / "started").write_text(json.dumps(started))
"""


def test_a_page_runs_without_what_windows_hasn_t(tmp_path):
    (tmp_path / "page.py").write_text("")
    script = tmp_path / "as_there.py"
    script.write_text(AS_THERE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, tmp_path],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "said").read_text(encoding="utf-8", errors="replace")
    assert '"printed": "True\\n"' in said
    assert '"printed": "42\\n"' in said
    assert '"ending"' in said
    assert "AssignProcessToJobObject" in json.loads((tmp_path / "started").read_text())


class Notes:
    """A kernel that takes down what it is asked for, and refuses one thing."""

    def __init__(self, refuses=""):
        self.calls = []
        self._refuses = refuses

    def __getattr__(self, name):
        def call(*arguments):
            self.calls.append((name, arguments))
            return 0 if name == self._refuses else 7

        self.__dict__[name] = call
        return call


def test_a_process_and_what_it_starts_are_one_job_that_ends_with_it():
    kernel = Notes()
    assert end_together(kernel)
    calls = dict(kernel.calls)
    job, kind, limits, size = calls["SetInformationJobObject"]
    assert (job.value, kind) == (7, 9)
    assert limits._obj.flags == 0x2000
    if ctypes.sizeof(ctypes.c_void_p) == 8:
        assert size == 144  # of JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64 bits
    assert [each.value for each in calls["AssignProcessToJobObject"]] == [7, 7]


@pytest.mark.parametrize(
    "refuses", ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"]
)
def test_where_windows_refuses_nothing_is_claimed(refuses):
    assert not end_together(Notes(refuses))
