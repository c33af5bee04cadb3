"""Shares add up to the whole, and every machine finds the same ones."""

import shutil

import pytest

from tf2docs.pages.testing.sharding import parse_shard, share


@pytest.fixture
def pages(site):
    """The sample page four times, one of them failing; the others lighter than the first."""
    for name in ("second", "third", "fourth"):
        for path in ("docs/zh", "docs/en", "docs/records", "docs/ledger", "docs/assets/figures"):
            for file in (site.root / path).glob("lesson*"):
                copy = shutil.copytree if file.is_dir() else shutil.copyfile
                copy(file, file.with_name(file.name.replace("lesson", name)))
        for language in ("zh", "en"):
            site.change(f"docs/{language}/{name}.md", "figures/lesson/", f"figures/{name}/")
    site.change("mkdocs.yml", "[lesson.md]", "[lesson.md, second.md, third.md, fourth.md]")
    site.change("docs/en/third.md", "mean 2.5", "mean 9.9")
    return site


def verdicts(result):
    words = [line.split() for line in result.stdout.lines if "::" in line and " - " not in line]
    return {line[0]: line[1] for line in words if len(line) > 1}


def test_the_shares_verdicts_add_up_to_those_of_one_machine(pages):
    whole = verdicts(pages.run("-v"))
    shares = [verdicts(pages.run("-v", "--shard", f"{index}/3")) for index in (1, 2, 3)]
    assert len(whole) == 121  # and the site as a whole
    assert "FAILED" in whole.values()
    assert all(shares)
    assert sum(map(len, shares)) == len(whole)
    assert {name: outcome for found in shares for name, outcome in found.items()} == whole


def test_a_page_stays_together_with_its_twin(pages):
    for index in (1, 2):
        names = {
            name.partition("::")[0] for name in verdicts(pages.run("-v", "--shard", f"{index}/2"))
        }
        assert {name.replace("/zh/", "/en/") for name in names} == {
            name for name in names if "/zh/" not in name
        }


def test_the_heaviest_share_is_as_light_as_can_be():
    assert share({"a": 8, "b": 4, "c": 4, "d": 1}, 3) == [{"a"}, {"b", "d"}, {"c"}]


def test_there_may_be_more_machines_than_pages():
    assert share({"a": 1}, 3) == [{"a"}, set(), set()]


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "-1/2"])
def test_a_share_that_is_none_is_a_usage_error(site, text):
    with pytest.raises(ValueError, match="takes a share such as 2/3"):
        parse_shard(text)
    result = site.run(f"--shard={text}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
