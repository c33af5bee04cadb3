"""When a page came and changed, asked of a real repository."""

import os
import shutil
import subprocess

import pytest

from tf2docs.pages.showing.history import Dates, read_history

if shutil.which("git") is None:
    pytest.skip("git isn't installed", allow_module_level=True)

FIRST, SECOND, THIRD = (f"2026-0{month}-01T08:00:00+08:00" for month in (1, 2, 3))


@pytest.fixture
def repository(tmp_path):
    """A repository whose pages lie in a folder of it, and a way to commit at a date."""
    project = tmp_path / "whole" / "project"
    (project / "docs").mkdir(parents=True)
    git(tmp_path / "whole", "init", "-q")

    def commit(date, **pages):
        for name, text in pages.items():
            (project / "docs" / f"{name}.md").write_text(text, encoding="utf-8")
        git(project, "add", "-A")
        git(project, "commit", "-q", "-m", "x", date=date)
        return project

    return commit


def git(folder, *arguments, date=FIRST):
    names = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    environment = os.environ | dict.fromkeys(names, "a@example.org")
    dates = {"GIT_AUTHOR_DATE": FIRST, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *arguments], cwd=folder, env=environment | dates, check=True)


def test_a_page_came_with_its_first_commit_and_changed_with_its_last(repository):
    repository(FIRST, one="1", other="2")
    project = repository(SECOND, one="3")
    assert read_history(project) == {
        "docs/one.md": Dates(FIRST, SECOND),
        "docs/other.md": Dates(FIRST, FIRST),
    }


def test_a_page_that_moved_is_as_old_as_it_was(repository):
    project = repository(FIRST, 旧="a lesson\n" * 9)
    (project / "docs" / "旧.md").rename(project / "docs" / "a b.md")
    project = repository(SECOND)
    assert read_history(project)["docs/a b.md"] == Dates(FIRST, SECOND)


def test_what_is_in_no_commit_has_no_date(repository):
    project = repository(FIRST, one="1", new="2")
    (project / "docs" / "one.md").write_text("changed")
    (project / "docs" / "added.md").write_text("added")
    history = read_history(project)
    assert history["docs/one.md"] == Dates(FIRST, "")
    assert "docs/added.md" not in history


def test_a_clone_without_its_past_knows_nothing(repository, tmp_path):
    repository(FIRST, one="1")
    project = repository(SECOND, other="2")
    git(tmp_path, "clone", "-q", "--depth=1", project.parent.as_uri(), "shallow")
    assert read_history(tmp_path / "shallow" / "project") == {}


def test_without_a_repository_or_without_git_nothing_is_known(tmp_path, monkeypatch):
    assert read_history(tmp_path) == {}
    monkeypatch.setenv("PATH", "")
    assert read_history(tmp_path) == {}
