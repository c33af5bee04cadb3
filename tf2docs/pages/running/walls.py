"""Walls around a page's process: namespaces of Linux, where the kernel lets us have them.

Behind them a page has a network that holds this machine alone, so that no program or library that
it uses reaches another one, and the kernel counts what tries. It sees no process but its own, so
that it can end no other; and all that it started, whatever that did to get away, ends when the
first process behind the walls does. Its shared memory is its own, too, and goes with it.

A user other than root gets them with a user namespace, in which he is who he was before.
"""

import ctypes
import fcntl
import os
import signal
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NEW_MOUNTS, _NEW_USERS, _NEW_PROCESSES, _NEW_NETWORK = 0x20000, 0x10000000, 0x20000000, 0x40000000
_NEW_MEMORY = 0x8000000  # that processes share, in the manner of System V
_SHARED = "/dev/shm"  # where POSIX has such memory
# what is mounted outside later shows up here, not the other way round
_RECURSIVE, _FOLLOWING = 0x4000, 1 << 19
_NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 2, 4, 8
_BIND, _READ_ONLY = 0x1000, 0x1000 | 0x20 | 1  # the second: mount what is there anew, to read
_KEPT = {2: 2, 4: 4, 8: 8, 0x400: 0x400, 0x800: 0x800, 0x1000: 1 << 21}  # what statvfs calls them
_SET_FLAGS, _UP = 0x8914, 1
_CAPABILITIES = 0x20080522  # the version of the kernel's structure

_REFUSED = {"Ip: OutNoRoutes", "Udp: NoPorts", "Ip6OutNoRoutes", "Udp6NoPorts"}
"""What the kernel counts when somebody looks for another machine where there is none.

Asking a name server counts, too.
"""


def can_stand() -> bool:
    """Whether the kernel lets this process have walls, tried out in a process that is then gone."""
    return _succeeds(_try)


@dataclass(frozen=True)
class Walls:
    """Walls that stand.

    Attributes:
        first: The first process behind them: with it, every other ends.
        held: A descriptor that keeps it from ending, as long as there is a copy of it.
    """

    first: int
    held: int


def build() -> Walls:
    """Build walls for the processes that this one starts from now on.

    It can't start threads any more.

    Raises:
        OSError: the kernel doesn't allow it.
    """
    user, group = os.geteuid(), os.getegid()
    of_user = _NEW_USERS if user else 0
    _call("unshare", _NEW_NETWORK | _NEW_PROCESSES | _NEW_MEMORY | of_user)
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _connect_to_itself()
    return _start_first_process()


def move_in(read_only: tuple[str, ...] = (), own: str = "") -> None:
    """Settle behind the walls: the first thing that a process started there does.

    Args:
        read_only: Folders that nothing may be written into from now on.
        own: A folder, which may be below one of them, that stays as it is.
    """
    _call("unshare", _NEW_MOUNTS)
    _call("mount", None, b"/", None, _RECURSIVE | _FOLLOWING, None)
    if own:
        _mount_again(own, _BIND)
    for folder in read_only:
        _mount_again(folder, _BIND | _RECURSIVE)
        _call("mount", None, os.fsencode(folder), None, _READ_ONLY | _kept_flags(folder), None)
    _call("mount", b"proc", b"/proc", b"proc", _NO_SETUID | _NO_DEVICES | _NO_PROGRAMS, None)
    if Path(_SHARED).is_dir():
        _call("mount", b"tmpfs", _SHARED.encode(), b"tmpfs", _NO_SETUID | _NO_DEVICES, None)
    if os.geteuid():  # building took power over one's own files, such as writing read-only ones
        header, none = struct.pack("Ii", _CAPABILITIES, 0), bytes(24)
        _call("capset", header, none)


def refused() -> int:
    """How many attempts to leave its network the kernel has counted.

    For this process and its like.
    """
    names: dict[str, int] = {}
    lines = Path("/proc/self/net/snmp").read_text().splitlines()
    for title, values in zip(lines[::2], lines[1::2], strict=True):
        kind, *columns = title.split()
        names |= {
            f"{kind} {name}": int(value)
            for name, value in zip(columns, values.split()[1:], strict=True)
        }
    six = Path("/proc/self/net/snmp6")
    for line in six.read_text().splitlines() if six.exists() else ():
        name, value = line.split()
        names[name] = int(value)
    return sum(names.get(name, 0) for name in _REFUSED)


def _mount_again(folder: str, flags: int) -> None:
    """Make a mount of a folder where it is, which can have flags of its own."""
    path = os.fsencode(folder)
    _call("mount", path, path, None, flags, None)


def _kept_flags(folder: str) -> int:
    """The flags of a folder's mount that nobody may take away in a user namespace."""
    has = os.statvfs(folder).f_flag
    return sum(flag for kept, flag in _KEPT.items() if has & kept)


def _call(function: str, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, function)(*arguments):
        error = ctypes.get_errno()
        raise OSError(error, f"{function}: {os.strerror(error)}")


def _connect_to_itself() -> None:
    """Bring up the loopback device, the one that a new network has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))


def _start_first_process() -> Walls:
    """Start what reads to the end of a pipe.

    The kernel makes it the parent of orphans, and ends all with it.
    """
    read, write = os.pipe()
    # which it inherits, so that no orphan stays a zombie
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        streams: list[tuple[Any, ...]] = [(os.POSIX_SPAWN_DUP2, read, 0)]
        streams += [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
        first = os.posix_spawnp("cat", ["cat"], {}, file_actions=streams, setsigmask=[])
    finally:
        signal.signal(signal.SIGCHLD, before)
        os.close(read)
    return Walls(first, write)


def _try() -> None:
    built = build()
    if not _succeeds(move_in):
        raise OSError("there are walls, but nobody can move in")
    os.close(built.held)
    os.wait()


def _succeeds(function: Callable[[], None]) -> bool:
    """Whether a function returns, called in a process of its own."""
    child = os.fork()
    if not child:
        failed = True
        try:
            function()
            failed = False
        finally:
            os._exit(failed)
    return not os.waitpid(child, 0)[1]
