"""Shares add up to the whole, and every machine finds the same ones."""

import pytest

from tf2docs.pages.testing.sharding import parse_shard, share


def test_the_shares_verdicts_add_up_to_those_of_one_machine(pages, verdicts):
    pages.change("docs/en/third.md", "mean 2.5", "mean 9.9")
    whole = verdicts(pages.run("-v"))
    shares = [verdicts(pages.run("-v", "--shard", f"{index}/3")) for index in (1, 2, 3)]
    assert len(whole) == 121  # and the site as a whole
    assert set(whole.values()) == {"PASSED", "FAILED"}
    assert all(shares)
    assert sum(map(len, shares)) == len(whole)
    assert {name: outcome for found in shares for name, outcome in found.items()} == whole


def test_a_page_stays_together_with_its_twin(pages, verdicts):
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
