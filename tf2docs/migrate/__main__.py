"""`python -m tf2docs.migrate old.py`.

List what changed since TensorFlow 2.0, and rewrite what is safe.

The code is read and never run. `--message` answers an error, or what comes from standard input.
"""

import argparse
import os
import re
import sys
from pathlib import Path

from tf2docs.migrate.answering import answer
from tf2docs.migrate.finding import Finding, find
from tf2docs.migrate.fixing import diff, fixed_lines, write_fixed
from tf2docs.migrate.sources import Source, read_source, source_files
from tf2docs.migrate.table import Row

__all__ = ["main"]

_WORDS = {
    "zh": {
        "raises": "今天报 {}",
        "warns": "今天有警告",
        "silent": "今天不报错，但意思变了",
        "fixed": "今天又能用了",
        "elsewhere": "",
        "instead": "换成：",
        "safe": "（--fix 能改）",
        "unlisted": "表里没有这一条。名字最接近的几行，只是猜测：",
        "unread": "不是 Python 3，这样的 {} 行只读了一部分或没有读：{}",
        "row": "{} 的证据：网站的 changes/{}/#{}",
    },
    "en": {
        "raises": "raises {} today",
        "warns": "warns today",
        "silent": "raises nothing today and does something else",
        "fixed": "works again today",
        "elsewhere": "",
        "instead": "write: ",
        "safe": " (--fix does it)",
        "unlisted": "The table doesn't have this. The rows with the nearest names are guesses:",
        "unread": "not Python 3; {} such lines were read in part or not at all: {}",
        "row": "{}: its proof stands on the site, at changes/{}/#{}",
    },
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those of the command line.

    Returns:
        The exit status: 0 where nothing was found, 1 where something was, 2 where nothing could be
        read.
    """
    given = _parser().parse_args(arguments)
    if given.message is not None or not given.paths:
        return _answer(given.message or sys.stdin.read(), given.language)
    try:
        sources = [read_source(path) for path in source_files(given.paths)]
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return max([_report(source, given) for source in sources], default=0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tf2docs.migrate", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="scripts, notebooks or folders")
    parser.add_argument("--message", help="an error to answer, instead of files")
    parser.add_argument("--fix", action="store_true", help="rewrite what is safe, after a diff")
    parser.add_argument("--yes", action="store_true", help="with --fix: don't ask before writing")
    parser.add_argument("--language", choices=sorted(_WORDS), default="en")
    return parser


def _report(source: Source, given: argparse.Namespace) -> int:
    findings = find(source)
    words = _WORDS[given.language]
    if source.unread:
        place = f"{source.path}:{source.places[source.unread[0] - 1]}:1"
        print(f"{place}: syntax", words["unread"].format(len(source.unread), source.reason))
    for each in findings:
        print(_line(source, each, given.language))
    if given.fix:
        _fix(source, findings, ask=not given.yes)
    return int(bool(findings or source.unread))


def _line(source: Source, found: Finding, language: str) -> str:
    words = _WORDS[language]
    place = f"{source.path}:{source.places[found.line - 1]}:{found.column}"
    line = source.text.split("\n")[found.line - 1].encode()
    name = line[found.start : found.start + found.length].decode(errors="replace")
    name = name or found.pattern.name
    told = _plain(_today(found.row, language))
    new = found.instead.strip() or _plain(found.row.new[language])
    safe = words["safe"] if found.instead else ""
    return f"{place}: {found.row.id} {name} {told}; {words['instead']}{new}{safe}"


def _today(row: Row, language: str) -> str:
    words = _WORDS[language][row.today.partition(" ")[0]].format(row.raises)
    return ", ".join(filter(None, (words, row.effect[language])))


def _plain(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"\1", text)


def _fix(source: Source, findings: list[Finding], *, ask: bool) -> None:
    lines = fixed_lines(source, findings)
    if not (changes := diff(source, lines)):
        return
    print(changes)
    if ask and input(f"Write {source.path}? [y/N] ").strip().lower() not in ("y", "yes"):
        return
    write_fixed(source, lines)


def _answer(message: str, language: str) -> int:
    words, found = _WORDS[language], answer(message)
    if not found.rows:
        print(words["unlisted"])
    for row in found.rows or found.guesses:
        old, new = _plain(row.old[language]), _plain(row.new[language])
        print(f"{old} {_today(row, language)}; {words['instead']}{new}")
        print("   ", words["row"].format(row.id, row.group, row.id))
    return int(bool(found.rows))


if __name__ == "__main__":
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:  # what it was piped into, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)
