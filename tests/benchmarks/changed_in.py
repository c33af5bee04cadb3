"""Run the old code of rows that name a version with the TensorFlow installed here.

It says what that did.

A row of the table may say since when something holds only where both sides were run. So run this
with the last version that should take the old code, and with the first that shouldn't:

    python -m venv /tmp/old && /tmp/old/bin/pip install tensorflow-cpu==2.15.1
    PYTHONPATH=. /tmp/old/bin/python tests/benchmarks/changed_in.py

What it finds goes into `tests/changed_in.json`, by version: the rows whose old code ran.
"""

import contextlib
import io
import json
import os
import re
import sys
import tempfile
import tomllib
from pathlib import Path

import tensorflow as tf

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "tests" / "changed_in.json"
BLOCK = re.compile(r"^```python *(\{.*?\})?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def rows_with_a_version() -> dict[str, list[str]]:
    """The rows that say since when, by group."""
    found = {}
    for path in sorted((ROOT / "tf2docs" / "migrate" / "rows").glob("*.toml")):
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["rows"]
        found[path.stem] = [row["id"] for row in rows if row.get("since")]
    return found


def runs(code: str, namespace: dict) -> bool:
    """Whether code ends without an exception; what it prints is of no interest."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            exec(code, namespace)
    except Exception:
        return False
    return True


def taken(group: str, ids: list[str]) -> list[str]:
    """Of these rows, those of which an old block ran."""
    text = (ROOT / "docs" / "en" / "changes" / f"{group}.md").read_text(encoding="utf-8")
    namespace, found = {"__name__": "__main__"}, []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        anchor = re.search(r"\{ #([\w-]+) \}", section)[1]
        blocks = BLOCK.findall(section)
        if anchor == "setup":
            assert runs(blocks[0][1], namespace), "what every block uses doesn't run here"
        elif anchor in ids:
            outcomes = [runs(code, namespace) for options, code in blocks if '"Old"' in options]
            if any(outcomes):
                found.append(anchor)
    return found


def main() -> None:
    """Run the old code of all such rows, and put the outcome into the record."""
    os.chdir(tempfile.mkdtemp())
    rows = rows_with_a_version()
    found = [row for group, ids in rows.items() if ids for row in taken(group, ids)]
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    record[tf.__version__] = sorted(found)
    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(len(found), "of", sum(map(len, rows.values())), "ran", file=sys.stderr)


if __name__ == "__main__":
    main()
