"""The commands of tf2docs.

`python -m tf2docs.pages try tensorflow==2.20` and `python -m tf2docs.pages translate`.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from tf2docs.pages.errors import PageError

_COMMANDS = {  # each a module whose `main` is given the arguments behind its name
    "try": (
        "tf2docs.pages.trying.command",
        "run all pages with another TensorFlow, and say what fails and what moved",
    ),
    "translate": (
        "tf2docs.pages.showing.translations",
        "say which docstrings are to be translated, and take it down",
    ),
}


def main(arguments: Sequence[str]) -> int:
    """Run the command that is named first.

    Args:
        arguments: Its name, and what it is told.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tf2docs.pages", description="Try the pages, or translate."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (_, purpose) in _COMMANDS.items():
        commands.add_parser(name, help=purpose, add_help=False)
    module, _ = _COMMANDS[parser.parse_args(arguments[:1]).command]
    status: int = importlib.import_module(module).main(arguments[1:])
    return status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (PageError, OSError, ValueError) as error:
        sys.exit(str(error))
