"""When files were added and last changed, as git remembers it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Dates:
    """When a file came and when it last changed, each as an ISO date with time and zone.

    Attributes:
        added: The file's first commit, under whatever name.
        changed: Its last commit; empty where the file has changes that are in no commit.
    """

    added: str
    changed: str


def read_history(folder: Path) -> dict[str, Dates]:
    """The dates of all files at or below a folder, by their path from it.

    Empty where git doesn't know: there is no git, the folder is in no repository, or the repository
    was cloned without its past, in which every file seems to be as old as the last commit.

    Args:
        folder: The folder, such as the project's.
    """
    if _git(folder, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    form = "--format=format:%x00%cI"
    log = _git(folder, "log", form, "--name-status", "--find-renames=90%", "--relative", "--", ".")
    return _dates(log, set(_git(folder, "diff", "--name-only", "--relative", "HEAD").splitlines()))


def _git(folder: Path, *arguments: str) -> str:
    """What git prints, or nothing where it fails or isn't there."""
    command = ["git", "-C", str(folder), "-c", "core.quotePath=false", *arguments]
    try:
        run = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout if run.returncode == 0 else ""


def _dates(log: str, unsaved: set[str]) -> dict[str, Dates]:
    r"""Read a log, the newest commit first, and follow each file back through its names.

    Examples:
        >>> log = "\0b\nR100\told.md\tnew.md\n\0a\nA\told.md\nA\tgone.md\n"
        >>> _dates(log, set())["new.md"]
        Dates(added='a', changed='b')
    """
    dates: dict[str, Dates] = {}
    now_called: dict[str, str] = {}
    for commit in log.split("\0")[1:]:
        date, *changes = commit.splitlines()
        for change in filter(None, changes):
            _, *names = change.split("\t")
            name = now_called.get(names[-1], names[-1])
            now_called[names[0]] = name
            last = dates[name].changed if name in dates else "" if name in unsaved else date
            dates[name] = Dates(date, last)
    return dates
