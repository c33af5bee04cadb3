"""What sounds secret in the environment is found in what is to be written.

However it is spelt there.
"""

import functools
import json
import urllib.parse
from xml.sax.saxutils import escape

import pytest

from tf2docs.pages.secrecy import find_secret

VALUE = 'pa"ss<wo>rd & \\more 密钥'


SECRET_NAMES = """
    API_KEY HF_TOKEN AWS_SECRET MY_PASSWORD PGPASSWORD DB_PASS DB_PWD apikey Client_Secret
    GITHUB_AUTH SSH_AUTH_SOCK SESSION_COOKIE AUTHORIZATION PRIVATE_PEM
    GOOGLE_APPLICATION_CREDENTIALS
"""


@pytest.mark.parametrize("name", SECRET_NAMES.split())
def test_names_that_sound_secret(name):
    assert find_secret("x correct horse y", {name: "correct horse"}) == name


@pytest.mark.parametrize(
    "name", ["HOME", "PWD", "OLDPWD", "GIT_AUTHOR_NAME", "KERAS_BACKEND", "TF2DOCS_DATA", "PATH"]
)
def test_names_that_dont(name):
    assert find_secret("x correct horse y", {name: "correct horse"}) is None


SPELLINGS = {
    "plain": str,
    "JSON": json.dumps,
    "JSON in UTF-8": functools.partial(json.dumps, ensure_ascii=False),
    "XML": escape,
    "XML in quotes": functools.partial(escape, entities={'"': "&quot;"}),
    "Python": repr,
    "an address": urllib.parse.quote,
    "a form": urllib.parse.quote_plus,
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_secret_is_found_however_it_is_spelt(spelling):
    assert find_secret(f"before {spelling(VALUE)} after", {"KEY": VALUE}) == "KEY"
    assert find_secret(f"before {spelling(VALUE)} after".encode(), {"KEY": f" {VALUE}\n"}) == "KEY"


def test_a_password_in_an_address_is_one_whatever_the_variable_is_called():
    environment = {"TF2DOCS_MIRROR": "https://user:correct-horse@example.org/x"}
    assert find_secret("it says correct-horse", environment) == "TF2DOCS_MIRROR"
    assert find_secret("it says example.org", environment) is None


def test_every_password_is_found_where_a_variable_holds_several_addresses():
    environment = {
        "MIRRORS": "https://a:correct-horse@one.example https://b:battery-staple@two.example"
    }
    for password in ("correct-horse", "battery-staple"):
        assert find_secret(f"it says {password}", environment) == "MIRRORS"


def test_a_password_that_an_address_spells_in_percent_is_found_as_it_is():
    environment = {"PROXY": "http://user:p%40ss%2Fword@example.org"}
    assert find_secret("it says p@ss/word", environment) == "PROXY"
    assert find_secret("it says p%40ss%2Fword", environment) == "PROXY"


def test_what_is_short_stands_anywhere():
    assert find_secret("1234567", {"KEY": "1234567"}) is None
    assert find_secret("12345678", {"KEY": "12345678"}) == "KEY"
