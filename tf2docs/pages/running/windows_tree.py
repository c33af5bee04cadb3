"""End whatever a page starts together with the page's process, as Windows does it.

There, a process that ends leaves those that it started behind, and nobody knows any more whose they
are. A job object does: once its last handle is closed, it ends all that is in it.
"""

import ctypes
from typing import Any

_EXTENDED_LIMITS = 9  # which kind of information a job object is given
_END_WHEN_CLOSED = 0x2000


class _Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION, all of it zero but the flags."""

    _fields_ = (
        ("times", ctypes.c_int64 * 2),
        ("flags", ctypes.c_uint32),
        ("working_set", ctypes.c_size_t * 2),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32 * 2),
        ("transfers", ctypes.c_uint64 * 6),
        ("memory", ctypes.c_size_t * 4),
    )


def end_together(kernel: Any = None) -> bool:
    """Put this process into a job object that ends with it, and all that it starts from now on.

    Args:
        kernel: Windows' kernel32; by default the one that is there.

    Returns:
        Whether Windows did so; where it refuses, `taskkill` still ends what it finds.
    """
    kernel = kernel or vars(ctypes)["WinDLL"]("kernel32")
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    # never closed: it is when this process ends
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    limits = _Limits(flags=_END_WHEN_CLOSED)
    size = ctypes.sizeof(limits)
    limited = job.value and kernel.SetInformationJobObject(
        job, _EXTENDED_LIMITS, ctypes.byref(limits), size
    )
    here = ctypes.c_void_p(kernel.GetCurrentProcess())
    return bool(limited and kernel.AssignProcessToJobObject(job, here))
