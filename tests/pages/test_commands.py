"""The face of the package, and its commands."""

import subprocess
import sys

import pytest

import tf2docs.pages
from tf2docs.pages.__main__ import main


def test_the_face_shows_what_a_site_needs_and_imports_it_when_it_is_asked_for():
    assert all(getattr(tf2docs.pages, name).__name__ == name for name in tf2docs.pages.__all__)
    assert not hasattr(tf2docs.pages, "nothing")
    code = (
        "import sys, tf2docs.pages as pages; pages.Site; print({'pytest', 'filelock'} & "
        "set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
        == "set()\n"
    )


@pytest.mark.parametrize("command", ["try", "translate"])
def test_a_command_is_told_what_stands_behind_its_name(command, capsys):
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    assert capsys.readouterr().out.startswith(f"usage: python -m tf2docs.pages {command} [-h]")


@pytest.mark.parametrize("arguments", [[], ["build"], ["tensorflow==2.20"]])
def test_what_is_no_command_is_refused_with_those_that_are(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "COMMAND" in capsys.readouterr().err
