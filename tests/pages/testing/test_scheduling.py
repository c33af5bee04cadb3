"""Workers of pytest-xdist get whole pages, and other files in parts."""

import re

FIFTY = """
import pytest

@pytest.mark.parametrize("number", range(50))
def test_it(number):
    pass
"""


def workers(result):
    """Which workers had tests of each file, in order and without repetition."""
    found = {}
    for line in result.stdout.lines:
        if ran := re.match(r"\[(gw\d)\] \[.*%\] \w+ ([^:]+)::", line):
            found.setdefault(ran[2], []).append(ran[1])
    return found


def share(site, *options):
    command = ("-p", "no:cacheprovider", "-v", "-n", "2", *options)
    return workers(site.pytester.runpytest_subprocess(*command))


def test_a_page_goes_to_one_worker_as_a_whole(pages):
    found = share(pages, "docs")
    languages = [{path for path in found if f"/{name}/" in path} for name in ("en", "zh")]
    assert [len(paths) for paths in languages] == [4, 4]
    assert all(len(set(found[path])) == 1 for path in set.union(*languages))
    assert {name for names in found.values() for name in names} == {"gw0", "gw1"}


def test_a_long_file_is_shared_and_a_short_one_is_not(site):
    (site.root / "test_long.py").write_text(FIFTY)
    (site.root / "test_short.py").write_text(FIFTY.replace("50", "20"))
    found = share(site, "test_long.py", "test_short.py")
    assert len(found["test_long.py"]) == 50 and set(found["test_long.py"]) == {"gw0", "gw1"}
    assert len(found["test_short.py"]) == 20 and len(set(found["test_short.py"])) == 1


def test_another_way_that_is_asked_for_is_taken(site):
    (site.root / "test_long.py").write_text(FIFTY)
    assert len(set(share(site, "--dist", "loadfile", "test_long.py")["test_long.py"])) == 1


def test_what_a_worker_died_of_is_run_once_and_what_stands_behind_it_too(fresh_site):
    ends = "import os\n\ndef test_before():\n    pass\n\ndef test_it():\n    os._exit(3)\n"
    (fresh_site.root / "test_ends.py").write_text(f"{ends}\ndef test_after():\n    pass\n")
    command = ("-p", "no:cacheprovider", "-n", "2", "test_ends.py")
    result = fresh_site.pytester.runpytest_subprocess(*command, timeout=200)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*crashed while running 'test_ends.py::test_it'"])
