"""Namespaces keep a page in.

Tried as root and as somebody else, and where the kernel has none to give.
"""

import subprocess
import sys
import uuid
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

STAND = """
import ctypes, os, sys
from tf2docs.pages.running import walls
if len(sys.argv) > 1 and not os.geteuid():
    os.setgroups([])
    os.setgid(int(sys.argv[1]))
    os.setuid(int(sys.argv[1]))
    # its own /proc may be written again, as in a process that began like this
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
print(walls.can_stand(), flush=True)
"""
INSIDE = """
built = walls.build()
if not os.fork():
    walls.move_in()
    power = [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")][0]
    print(os.getuid(), os.getgid(), os.getpid(), int(power, 16) != 0, walls.refused(), flush=True)
    os._exit(0)
os.close(built.held)
os.wait(), os.wait()
"""
LEAVES = """
built = walls.build()
if not os.fork():
    walls.move_in()
    open(os.path.join("/dev/shm", sys.argv[2]), "x").close()
    print(os.listdir("/dev/shm"), flush=True)
    os._exit(0)
os.close(built.held)
os.wait(), os.wait()
"""
NONE = 'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"'


def python(code, *arguments, before=()):
    command = [*before, sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_who_is_behind_walls_is_who_he_was_and_may_do_no_more():
    stand = python(STAND, "12345")
    if stand.stdout != "True\n":
        pytest.skip("this kernel gives no namespaces")
    assert python(STAND + INSIDE, "12345").stdout.splitlines()[1:] == ["12345 12345 2 False 0"]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is no shared memory")
def test_shared_memory_goes_with_the_walls():
    name = f"tf2docs-test-{uuid.uuid4().hex}"
    said = python(STAND + LEAVES, "12345", name).stdout.splitlines()
    if said[:1] != ["True"]:
        pytest.skip("this kernel gives no namespaces")
    assert said[1:] == [f"['{name}']"]
    assert not Path("/dev/shm", name).exists()


def test_without_namespaces_there_are_no_walls():
    before = ["unshare", "--user", "--map-root-user", "sh", "-c", NONE, "sh"]
    done = python(STAND, before=before)
    if done.returncode:
        pytest.skip("this kernel doesn't let us take them away")
    assert done.stdout == "False\n"


WRITES = """
built = walls.build()
if not os.fork():
    walls.move_in((sys.argv[2],), sys.argv[3])
    for folder in sys.argv[2:]:
        print(os.system(f"echo x > {folder}/x 2>/dev/null") == 0, flush=True)
    os._exit(0)
os.close(built.held)
os.wait(), os.wait()
"""


@pytest.mark.parametrize("user", ["0", "12345"])
def test_behind_walls_some_folders_can_only_be_read(user, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    own = home / "own"
    own.mkdir()
    for folder in (home, own):
        folder.chmod(0o777)
    for folder in home.parents[:3]:  # so that another user gets there
        folder.chmod(0o755)
    arguments = [user, str(home), str(own)]
    stand = python(
        STAND if user != "0" else STAND.replace("len(sys.argv) > 1", "False"), *arguments
    )
    if stand.stdout != "True\n":
        pytest.skip("this kernel gives no namespaces")
    code = STAND if user != "0" else STAND.replace("len(sys.argv) > 1", "False")
    done = python(code + WRITES, *arguments)
    assert done.stdout.splitlines()[1:] == ["False", "True"], done.stderr
