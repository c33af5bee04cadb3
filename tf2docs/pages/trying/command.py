"""Try all pages with another TensorFlow, and say which blocks fail and what moved.

```bash
python -m tf2docs.pages try tensorflow==2.20
```

All blocks are run, on the real data, in an environment of its own that pip fills. A block *fails*
if it raises what it shouldn't; an output, a number or a figure *moved* if it isn't what the page
shows. A version that a page prints doesn't count: it is right to print another.
"""

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from tf2docs.pages.reading.site import Site
from tf2docs.pages.trying.environments import (
    Environment,
    InstallError,
    asks_for_tensorflow,
    prepare,
)
from tf2docs.pages.trying.report import judge, read_report
from tf2docs.pages.trying.trials import Trial, merged, read_trials, table, write_trials

_LANGUAGE = Site.languages[0]  # the languages share code and claims: one of them is enough


def try_pages(
    root: Path, environment: Environment, asked: Sequence[str], *, full: bool = True
) -> Trial:
    """Run all pages in an environment.

    Args:
        root: The project's folder.
        environment: Where to run them.
        asked: The requirements that it was made for.
        full: Whether to take the real data and compare numbers.

    Raises:
        RuntimeError: pytest itself failed.
    """
    with tempfile.TemporaryDirectory(prefix="tf2docs-trying-") as folder:
        report = Path(folder, "report.xml")
        options = ["--rootdir=.", "--quiet", "-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
        command = [
            environment.python,
            "-m",
            "pytest",
            f"docs/{_LANGUAGE}",
            *options,
            f"--junitxml={report}",
        ]
        said = _run([*command, "--full"] if full else command, root)
        items = (
            read_report(report.read_text(encoding="utf-8"), _LANGUAGE) if report.is_file() else []
        )
    if not items:
        raise RuntimeError(
            "pytest couldn't run the pages:\n" + "\n".join(said.strip().splitlines()[-15:])
        )
    return judge(items, environment.versions, list(asked), root / "docs" / "records")


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all pages and print what came of it.

    Returns:
        0 if nothing failed or moved, 1 if something did, 2 if the pages couldn't be tried or the
        record not written, 130 after Ctrl-C.
    """
    options = _parse(arguments)
    root, start = Path.cwd(), time.monotonic()
    try:
        trials = read_trials(options.record) if options.record else []
        environment = prepare(
            root,
            options.requirements,
            python=options.python,
            folder=options.environments.resolve(),
            fresh=options.fresh,
        )
        print(f"Running all pages with {environment.python}", file=sys.stderr, flush=True)
        trial = try_pages(
            root, environment, [str(one) for one in options.requirements], full=options.full
        )
    except (InstallError, RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; nothing was recorded", file=sys.stderr)
        return 130
    print(table(trial))
    print(f"Took {time.monotonic() - start:.0f} s", file=sys.stderr)
    try:
        if options.record:
            write_trials(options.record, merged(trials, trial))
    except (OSError, ValueError) as error:
        print(f"Nothing was recorded: {error}", file=sys.stderr)
        return 2
    return 0 if trial.good else 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tf2docs.pages try", description=__doc__.partition("\n")[0]
    )
    add = parser.add_argument
    add(
        "requirements",
        nargs="+",
        type=_requirement,
        help="TensorFlow, and what else: tensorflow==2.20 'keras<3.12'",
    )
    add(
        "--python",
        default=sys.executable,
        help="the interpreter to make the environment with (default: this one)",
    )
    add(
        "--full",
        action="store_true",
        default=True,
        help="take the real data and compare numbers (default)",
    )
    add(
        "--small",
        dest="full",
        action="store_false",
        help="take the small data and compare words, shapes and order",
    )
    add(
        "--environments",
        type=Path,
        default=Path(".tf2docs", "environments"),
        help="where they are kept (%(default)s)",
    )
    add("--fresh", action="store_true", help="make the environment anew, for a tf-nightly of today")
    add(
        "--record",
        type=Path,
        metavar="FILE",
        help="also put the result among those of this JSON file",
    )
    options = parser.parse_args(arguments)
    if not any(map(asks_for_tensorflow, options.requirements)):
        parser.error(
            "no TensorFlow among the requirements; name one, such as tensorflow==2.20 or tf-nightly"
        )
    if not Path("docs", "conftest.py").is_file() or not Path("pyproject.toml").is_file():
        parser.error(
            f"{Path.cwd()} isn't the project's folder; go where pyproject.toml and docs/ are"
        )
    if shutil.which(options.python) is None:
        parser.error(f"there is no interpreter {options.python!r}; name one by --python")
    if options.record and not options.full:
        parser.error("a record is made on the real data; leave out --small or --record")
    if options.record and not options.record.parent.is_dir():
        parser.error(f"there is no folder {options.record.parent} to write the record in")
    return options


def _requirement(text: str) -> Requirement:
    try:
        return Requirement(text)
    except InvalidRequirement:
        raise argparse.ArgumentTypeError(
            f"{text!r} isn't a requirement; write it as for pip: tensorflow==2.20"
        ) from None


def _run(command: list[str], root: Path) -> str:
    """What pytest says.

    On Ctrl-C, which reaches it too, it gets the time to end its own processes.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(command, cwd=root, stdout=log, stderr=subprocess.STDOUT)
        try:
            process.wait()
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
            raise
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        return log.read()
