"""Which environment variables a page sees.

Those that Python and the libraries need, and no secret of yours.
"""

import contextlib
import fnmatch
import os
import re
from collections.abc import Iterator, Mapping

ALLOWED = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TEMP", "TMP"),
    *("LANG", "LANGUAGE", "LC_*", "TZ", "VIRTUAL_ENV", "CONDA_PREFIX"),
    *(
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONHASHSEED",
        "PYTHONUNBUFFERED",
        "PYTHONUTF8",
        "PYTHONIOENCODING",
    ),
    *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONNOUSERSITE", "PYTHONWARNINGS"),
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_*", "MPLCONFIGDIR", "MPLBACKEND", "KERAS_BACKEND"),
    *("TF_CONFIG", "TF_CPP_*", "TF_CUDNN_*", "TF_DETERMINISTIC_OPS", "TF_DISABLE_*", "TF_ENABLE_*"),
    *("TF_FORCE_*", "TF_GPU_*", "TF_NUM_*", "TF_USE_*", "TF_XLA_*", "XLA_*"),
    *("CUDA_*", "CUDNN_*", "NCCL_*", "NVIDIA_*", "HIP_*", "ROCM_*", "ROCR_*"),
    *(
        "OMP_*",
        "OPENBLAS_*",
        "MKL_*",
        "KMP_*",
        "GOMP_*",
        "BLIS_*",
        "NUMEXPR_*",
        "ONEDNN_*",
        "DNNL_*",
    ),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "PROGRAMFILES*", "PROGRAMDATA"),
    *("PROCESSOR_*", "NUMBER_OF_PROCESSORS", "OS"),
)
"""Patterns of the names that pages are given.

`TF_*` as a whole would take in Terraform's `TF_VAR_*`.
"""

DEFAULTS = {"MPLBACKEND": "Agg"}  # figures are taken and shown nowhere

_ALLOWED = re.compile("|".join(map(fnmatch.translate, ALLOWED)))
_TELLING = ("SECRET", "TOKEN", "PASSW", "CREDENTIAL", "APIKEY", "API_KEY", "ACCESS_KEY", "PRIVATE")


def for_pages(environment: Mapping[str, str]) -> dict[str, str]:
    """What pages see of an environment.

    Examples:
        >>> seen = for_pages({"PATH": "/bin", "LC_TIME": "C", "AWS_SECRET": "x", "XLA_TOKEN": "x"})
        >>> seen["PATH"], seen["LC_TIME"], "AWS_SECRET" in seen, "XLA_TOKEN" in seen
        ('/bin', 'C', False, False)
    """
    return DEFAULTS | {name: value for name, value in environment.items() if _is_allowed(name)}


def at_home(environment: Mapping[str, str], home: str) -> dict[str, str]:
    """A site's environment variables, those that begin with `~/` as places in a home.

    Examples:
        >>> at_home({"KERAS_HOME": "~/.keras", "TZ": "UTC"}, "/tmp/page")
        {'KERAS_HOME': '/tmp/page/.keras', 'TZ': 'UTC'}
    """
    return {
        name: f"{home}{value[1:]}" if value.startswith("~/") else value
        for name, value in environment.items()
    }


@contextlib.contextmanager
def in_place(environment: Mapping[str, str]) -> Iterator[None]:
    """Let processes that are started here have an environment in place of this process's own."""
    own = dict(os.environ)
    _become(environment)
    try:
        yield
    finally:
        _become(own)


def _is_allowed(name: str) -> bool:
    upper = name.upper()  # Windows doesn't tell cases apart
    return _ALLOWED.fullmatch(upper) is not None and not any(word in upper for word in _TELLING)


def _become(environment: Mapping[str, str]) -> None:
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)
