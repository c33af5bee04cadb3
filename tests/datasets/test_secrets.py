"""Passwords and tokens in addresses: the server gets them, and nobody else, whatever happens."""

import base64
import logging
import socket
import traceback
import warnings

import pytest

from tf2docs.datasets import DatasetNotFoundError, load_mnist
from tf2docs.datasets.__main__ import main

PASSWORD, TOKEN = "pa55-w0rd", "t0k3n-5ig"
LOGIN = base64.b64encode(f"reader:{PASSWORD}".encode()).decode()
SECRETS = (PASSWORD, TOKEN, LOGIN, "pa55%2Dw0rd")


@pytest.fixture
def overheard(monkeypatch, home, capfd, caplog):
    """A test in which anybody could have read a secret fails."""
    monkeypatch.setattr("tf2docs.datasets.progress.watched", lambda: True)
    monkeypatch.setattr("tf2docs.datasets.progress._BETWEEN", 0.0)
    caplog.set_level(logging.DEBUG)
    heard = []
    yield heard
    heard += [*capfd.readouterr(), caplog.text]
    heard += [path.read_text(errors="replace") for path in home.rglob("*") if path.is_file()]
    heard += [str(path) for path in home.rglob("*")]
    assert not [secret for secret in SECRETS for one in heard if secret in one]


def tried(heard, load=load_mnist):
    """Load, and note all that an exception or a warning would show, its causes too."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            return load()
        except DatasetNotFoundError as error:
            heard += ["".join(traceback.format_exception(error))]
            heard += [
                text
                for one in family(error)
                for text in (str(one), repr(one), repr(one.args), repr(vars(one)))
            ]
        finally:
            heard += [str(one.message) for one in seen]
    return None


def family(error):
    """An exception and all behind it."""
    found, waiting = [], [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__]
            waiting += [
                other
                for other in (*one.args, *vars(one).values())
                if isinstance(other, BaseException)
            ]
    return found


def echo(handler):
    """Send the secrets back, where an error repeats what the server says."""
    logins = [handler.headers.get(name) or "" for name in ("Authorization", "Proxy-Authorization")]
    plain = [base64.b64decode(login.removeprefix("Basic ")).decode() for login in logins]
    handler.wfile.write(f"HTTP/1.1 403 No {handler.path} {logins} {plain}\r\n\r\n".encode())


MIRRORS = {
    "a login": "http://reader:pa55-w0rd@HOST/mine",
    "a quoted login": "http://reader:pa55%2Dw0rd@HOST/mine",
    "a Chinese character in the password": "http://reader:pa55-w0rd\u4f60@HOST/mine",
    "a password alone": "http://:pa55-w0rd@HOST/mine",
    "a name alone": "http://pa55-w0rd@HOST/mine",
    "a token": "http://HOST/mine?token=t0k3n-5ig",
    "a token among others": "http://HOST/mine?x=1&sig=t0k3n-5ig&y=2",
    "a token without a name": "http://HOST/mine?t0k3n-5ig",
    "a fragment": "http://HOST/mine#t0k3n-5ig",
    "a login and a token": "http://reader:pa55-w0rd@HOST/mine?token=t0k3n-5ig",
    "https": "https://reader:pa55-w0rd@HOST/mine?token=t0k3n-5ig",
}
BROKEN = {
    "no port": "http://reader:pa55-w0rd@HOST:port/mine",
    "a password as a port": "http://reader:pa55-w0rd",
    "a slash in the password": "http://reader:/pa55-w0rd@HOST/mine",
    "a hash in the password": "http://reader:#pa55-w0rd@HOST/mine",
    "an @ in the password": "http://reader:p@pa55-w0rd@HOST/mine",
    "a space in the password": "http://reader:x pa55-w0rd@HOST/mine",
    "half an address": "http://reader:pa55-w0rd@[::1/mine",
    "ftp": "ftp://reader:pa55-w0rd@HOST/mine?token=t0k3n-5ig",
    "no scheme": "reader:pa55-w0rd@HOST/mine",
    "no scheme, a token": "HOST/mine?token=t0k3n-5ig",
    "an empty host": "http://reader:pa55-w0rd@/mine",
    "a bracket": "http://reader:pa55-w0rd]@HOST/mine",
    "Chinese": "http://读者:pa55-w0rd@HOST/数据?token=t0k3n-5ig数",
    "strange characters": "http://reader:pa55-w0rd@\u2100/mine",
}


def redirect(target):
    return lambda handler: handler.wfile.write(
        f"HTTP/1.1 302 x\r\nLocation: {target}\r\n\r\n".encode()
    )


def echo_decoded(handler):
    """Send back the login as it was meant, in bytes that are then read as Latin-1."""
    login = base64.b64decode(handler.headers.get("Authorization", "").removeprefix("Basic "))
    handler.wfile.write(b"HTTP/1.1 500 %b %b\r\n\r\n" % (handler.path.encode(), login))


ANSWERS = {
    "nothing": lambda server, npz: server.status(404),
    "echoes": lambda server, npz: echo,
    "echoes what it decoded": lambda server, npz: echo_decoded,
    "cuts": lambda server, npz: server.cut(npz, 20_000),
    "is silent": lambda server, npz: lambda handler: handler.rfile.read(1),
    "talks nonsense": lambda server, npz: (
        lambda handler: handler.wfile.write(handler.requestline.encode())
    ),
    "redirects to a login": lambda server, npz: redirect(
        "http://me:pa55-w0rd@127.0.0.1:1/x?sig=t0k3n-5ig"
    ),
    "redirects to half an address": lambda server, npz: redirect(
        "http://me:pa55-w0rd@[::1/x?sig=t0k3n-5ig"
    ),
    "redirects to ftp": lambda server, npz: redirect("ftp://me:pa55-w0rd@host/x?sig=t0k3n-5ig"),
    "redirects to a file": lambda server, npz: redirect("file:///pa55-w0rd@x?sig=t0k3n-5ig"),
    "redirects to control characters": lambda server, npz: redirect("/x?sig=t0k3n-5ig\x01"),
}


class Every(dict):
    """The same answer, whatever the path."""

    def __init__(self, answer):
        self.answer = answer

    def get(self, path, default=None):
        return self.answer


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("mirror", [one for one in MIRRORS if one != "https"])
def test_no_answer_brings_a_secret_to_light(
    mirror, answer, server, npz, monkeypatch, overheard, hurry
):
    monkeypatch.setenv("TF2DOCS_MIRROR", MIRRORS[mirror].replace("HOST", server.base[7:]))
    server.answers = Every(ANSWERS[answer](server, npz))
    assert tried(overheard) is None
    assert main(["mnist"]) == 1


@pytest.mark.parametrize("mirror", [*BROKEN, "https"])
def test_no_address_that_is_none_brings_a_secret_to_light(
    mirror, server, monkeypatch, overheard, hurry
):
    def unknown(host, *rest, **options):
        if host == "127.0.0.1":
            return known(host, *rest, **options)
        raise OSError("Name or service not known")

    known = socket.getaddrinfo
    monkeypatch.setattr("socket.getaddrinfo", unknown)
    address = (MIRRORS | BROKEN)[mirror].replace("HOST", server.base[7:])
    monkeypatch.setenv("TF2DOCS_MIRROR", address)
    assert tried(overheard) is None
    assert main(["mnist"]) == 1


@pytest.mark.parametrize("mirror", [one for one in MIRRORS if one != "https"])
def test_no_success_brings_a_secret_to_light(
    mirror, server, npz, published, monkeypatch, overheard
):
    monkeypatch.setenv("TF2DOCS_MIRROR", MIRRORS[mirror].replace("HOST", server.base[7:]))
    server.answers = Every(server.in_turn(server.cut(npz, 20_000), server.whole(npz)))
    assert published.same(tried(overheard))


@pytest.mark.parametrize("mirror", ["a login", "a token"])
def test_a_copy_that_is_not_kept_brings_no_secret_to_light(
    mirror, server, npz, published, own_cache, monkeypatch, overheard
):
    own_cache.parent.mkdir(parents=True)
    own_cache.write_bytes(b"a file stands here")
    monkeypatch.setenv("TF2DOCS_MIRROR", MIRRORS[mirror].replace("HOST", server.base[7:]))
    server.answers = Every(server.whole(npz))
    assert published.same(tried(overheard))


def asks_for_login(answer, login):
    def check(handler):
        if handler.headers.get("Authorization") == f"Basic {login}":
            answer(handler)
        else:
            handler.wfile.write(b"HTTP/1.1 401 Who\r\n\r\n")

    return check


@pytest.mark.parametrize("mirror", ["a login", "a quoted login", "a login and a token"])
def test_the_server_gets_the_login(mirror, server, npz, published, monkeypatch):
    monkeypatch.setenv("TF2DOCS_MIRROR", MIRRORS[mirror].replace("HOST", server.base[7:]))
    server.answers = Every(asks_for_login(server.whole(npz), LOGIN))
    assert published.same(load_mnist())


def test_the_server_gets_the_login_again_where_it_redirects_to_itself(
    server, npz, published, monkeypatch
):
    monkeypatch.setenv("TF2DOCS_MIRROR", MIRRORS["a login"].replace("HOST", server.base[7:]))
    server.answers["/mine/mnist.npz"] = redirect("/elsewhere")
    server.answers["/elsewhere"] = asks_for_login(server.whole(npz), LOGIN)
    assert published.same(load_mnist())


def test_another_server_doesn_t_get_the_login(server, npz, published, monkeypatch):
    monkeypatch.setenv("TF2DOCS_MIRROR", MIRRORS["a login"].replace("HOST", server.base[7:]))
    server.answers["/mine/mnist.npz"] = redirect(
        server.base.replace("127.0.0.1", "localhost") + "/elsewhere"
    )
    seen = []

    def answer(handler):
        seen.append(handler.headers.get("Authorization"))
        server.whole(npz)(handler)

    server.answers["/elsewhere"] = answer
    assert published.same(load_mnist())
    assert seen == [None]


def test_a_redirect_may_hold_a_login(server, npz, published, monkeypatch):
    monkeypatch.setenv("TF2DOCS_MIRROR", server.base)
    server.answers["/mnist.npz"] = redirect(f"http://reader:{PASSWORD}@{server.base[7:]}/elsewhere")
    server.answers["/elsewhere"] = asks_for_login(server.whole(npz), LOGIN)
    assert published.same(load_mnist())


PROXIES = {
    "that echoes": "http://reader:pa55-w0rd@HOST",
    "without a port": "http://reader:pa55-w0rd@HOST:port",
    "half an address": "http://reader:pa55-w0rd@[::1",
    "without a scheme": "reader:pa55-w0rd@HOST",
    "without a host": "http://reader:pa55-w0rd@",
    "of ftp": "ftp://reader:pa55-w0rd@HOST",
    "of socks": "socks5://reader:pa55-w0rd@HOST",
    "with a slash in the password": "http://reader:/pa55-w0rd@HOST",
    "with a token": "http://HOST/?token=t0k3n-5ig",
    "without an authority": "http:reader:pa55-w0rd@HOST",
}


@pytest.mark.parametrize("variable", ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize("proxy", PROXIES)
def test_no_proxy_brings_its_secret_to_light(
    proxy, variable, server, monkeypatch, overheard, hurry
):
    known = socket.getaddrinfo

    def only_this_machine(host, *rest, **options):
        if host == "127.0.0.1":
            return known(host, *rest, **options)
        raise OSError("Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", only_this_machine)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv(variable, PROXIES[proxy].replace("HOST", server.base[7:]))
    monkeypatch.setenv("TF2DOCS_MIRROR", "http://mirror.invalid https://mirror.invalid")
    server.answers = Every(echo)
    assert tried(overheard) is None


def test_the_proxy_gets_its_login(server, npz, published, monkeypatch):
    def answer(handler):
        good = handler.headers.get("Proxy-Authorization") == f"Basic {LOGIN}"
        (server.whole(npz) if good else server.status(407))(handler)

    monkeypatch.setenv("TF2DOCS_MIRROR", "http://mirror.invalid")
    monkeypatch.setenv("http_proxy", f"http://reader:{PASSWORD}@{server.base[7:]}")
    monkeypatch.setenv("no_proxy", "")
    server.answers["http://mirror.invalid/mnist.npz"] = answer
    assert published.same(load_mnist())


def test_what_is_shown_of_a_secret_address_is_still_of_use(server, monkeypatch):
    monkeypatch.setenv(
        "TF2DOCS_MIRROR", f"http://reader:{PASSWORD}@{server.base[7:]}/mine?token={TOKEN}"
    )
    with pytest.raises(DatasetNotFoundError) as caught:
        load_mnist()
    assert f"  {server.base}/mine/mnist.npz?***\n    HTTP Error 404: Not Found\n" in str(
        caught.value
    )
