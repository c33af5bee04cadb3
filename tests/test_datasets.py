import hashlib
import http.server
import socket
import threading
import warnings

import numpy as np
import pytest

from tf2docs import datasets
from tf2docs.datasets import (
    DatasetNotFoundError,
    StandInWarning,
    WrongDatasetError,
    load_digits,
    load_mnist,
    make_classes,
    noisy_line,
    save_stand_in,
)

NOTE = "five noughts"


@pytest.fixture(autouse=True)
def published(monkeypatch):
    """A tiny MNIST: what load_mnist takes for the published arrays."""
    draw = np.random.default_rng(0)
    shapes = {"x_train": (6, 28, 28), "y_train": (6,), "x_test": (2, 28, 28), "y_test": (2,)}
    arrays = {name: draw.integers(0, 10, shape, dtype=np.uint8) for name, shape in shapes.items()}
    sums = {name: (a.shape, hashlib.sha256(a.tobytes()).hexdigest()) for name, a in arrays.items()}
    monkeypatch.setattr(datasets, "_MNIST", sums)
    return arrays


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """A machine without data and without network."""
    for name in ("TF2DOCS_DATA", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.setattr(datasets, "_ADDRESS", f"http://127.0.0.1:{closed_port()}/mnist.npz")
    return tmp_path


@pytest.fixture
def serve(monkeypatch):
    """Let the address of MNIST answer with the bytes given; the paths asked for are returned."""
    servers, asked = [], []

    def start(body, *, status=200, declared=None):
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # the name that http.server calls
                asked.append(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(declared or len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(datasets, "_ADDRESS", f"http://127.0.0.1:{server.server_port}/mnist.npz")
        return asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def save(path, arrays):
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)
    return path


def same(loaded, arrays):
    (x_train, y_train), (x_test, y_test) = loaded
    found = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    return all(np.array_equal(found[name], arrays[name]) for name in arrays)


def keras_cache(home):
    return home / "keras" / "datasets" / "mnist.npz"


def own_cache(home):
    return home / "cache" / "tf2docs" / "mnist.npz"


# Where MNIST is found


@pytest.mark.parametrize("cache", [keras_cache, own_cache])
def test_mnist_is_read_from_a_cache_without_a_warning(cache, home, published):
    save(cache(home), published)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert same(load_mnist(), published)


def test_without_keras_home_the_cache_is_dot_keras(home, monkeypatch, published):
    monkeypatch.delenv("KERAS_HOME")
    save(home / ".keras" / "datasets" / "mnist.npz", published)
    assert same(load_mnist(), published)


def test_the_named_folder_comes_first(home, monkeypatch, published):
    keras_cache(home).parent.mkdir(parents=True)
    keras_cache(home).write_bytes(b"never read")
    monkeypatch.setenv("TF2DOCS_DATA", str(save(home / "mine" / "mnist.npz", published).parent))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert same(load_mnist(), published)


def test_an_empty_variable_names_no_folder(home, monkeypatch, published):
    monkeypatch.setenv("TF2DOCS_DATA", "")
    save(keras_cache(home), published)
    assert same(load_mnist(), published)


def test_another_packing_of_the_same_arrays_is_mnist(home, published):
    path = keras_cache(home)
    path.parent.mkdir(parents=True)
    np.savez_compressed(path, **dict(reversed(published.items())))
    assert same(load_mnist(), published)


def test_nothing_is_found_in_a_named_folder_without_the_file(home, monkeypatch, published, serve):
    save(keras_cache(home), published)
    asked = serve(b"")
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(DatasetNotFoundError) as caught:
        load_mnist()
    assert str(home / "mnist.npz") in str(caught.value)
    assert "nowhere else" in str(caught.value)
    assert "unset TF2DOCS_DATA" in str(caught.value)
    assert asked == []


def test_a_named_folder_that_does_not_exist_is_said(home, monkeypatch):
    monkeypatch.setenv("TF2DOCS_DATA", str(home / "typo"))
    with pytest.raises(DatasetNotFoundError, match=r"typo.*there is no such folder"):
        load_mnist()


def test_a_relative_folder_is_named_in_full(home, monkeypatch):
    monkeypatch.chdir(home)
    monkeypatch.setenv("TF2DOCS_DATA", "typo")
    with pytest.raises(DatasetNotFoundError) as caught:
        load_mnist()
    assert str(home / "typo") in str(caught.value)


# What is taken for MNIST


def refused(home, monkeypatch, arrays):
    """The error for these arrays in the folder that the user named."""
    path = save(home / "mine" / "mnist.npz", arrays)
    monkeypatch.setenv("TF2DOCS_DATA", str(path.parent))
    with pytest.raises(WrongDatasetError) as caught:
        load_mnist()
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_wrong_array_is_refused_by_name(home, monkeypatch, published):
    wrong = published["x_test"].copy()
    wrong[1, 27, 27] ^= 1
    message = refused(home, monkeypatch, published | {"x_test": wrong})
    assert "x_test has the SHA-256" in message
    assert "Replace it" in message


def test_a_missing_array_is_refused_by_name(home, monkeypatch, published):
    del published["y_train"]
    assert "no array y_train in it, only x_train, x_test, y_test" in refused(home, monkeypatch, published)


def test_a_wrong_dtype_is_refused(home, monkeypatch, published):
    arrays = published | {"y_test": published["y_test"].astype(np.int64)}
    assert "y_test is int64 of shape (2,), expected uint8 of (2,)" in refused(home, monkeypatch, arrays)


def test_a_wrong_shape_is_refused(home, monkeypatch, published):
    arrays = published | {"x_test": published["x_test"].reshape(2, 784)}
    message = refused(home, monkeypatch, arrays)
    assert "x_test is uint8 of shape (2, 784), expected uint8 of (2, 28, 28)" in message


def test_a_pickle_in_the_file_is_never_run(home, monkeypatch, published):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was run",))

    arrays = published | {"y_test": np.array([Trap(), Trap()], dtype=object)}
    assert "damaged" in refused(home, monkeypatch, arrays)


@pytest.mark.parametrize("data", [b"", b"<html>please log in</html>"])
def test_a_file_that_is_no_archive_is_refused(data, home, monkeypatch):
    (home / "mnist.npz").write_bytes(data)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(WrongDatasetError, match=f"{len(data)} bytes that are not a whole .npz file"):
        load_mnist()


def test_a_file_cut_off_is_refused(home, monkeypatch, published):
    path = save(home / "mnist.npz", published)
    path.write_bytes(path.read_bytes()[:-100])
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(WrongDatasetError, match="not a whole"):
        load_mnist()


def test_a_file_with_a_flipped_byte_is_refused(home, monkeypatch, published):
    path = save(home / "mnist.npz", published)
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(WrongDatasetError, match="damaged"):
        load_mnist()


def test_a_wrong_file_in_a_cache_is_passed_over_aloud(home, published):
    keras_cache(home).parent.mkdir(parents=True)
    keras_cache(home).write_bytes(b"half a file")
    save(own_cache(home), published)
    with pytest.warns(UserWarning, match="passed over") as seen:
        assert same(load_mnist(), published)
    assert str(keras_cache(home)) in str(seen[0].message)
    assert seen[0].filename == __file__  # points at the reader's own line


# Stand-ins


def stand_in(**arrays):
    defaults = {
        "x_train": np.zeros((3, 28, 28), np.uint8),
        "y_train": np.zeros(3, np.uint8),
        "x_test": np.zeros((2, 28, 28), np.uint8),
        "y_test": np.zeros(2, np.uint8),
        "stand_in": np.array(NOTE),
    }
    return defaults | arrays


def test_a_stand_in_is_used_with_a_warning_that_says_what_it_is(home, monkeypatch):
    path = save(home / "mnist.npz", stand_in())
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.warns(StandInWarning, match="stand-in") as seen:
        (x_train, _), (_, y_test) = load_mnist()
    assert (x_train.shape, y_test.shape) == ((3, 28, 28), (2,))
    assert str(path) in str(seen[0].message)
    assert NOTE in str(seen[0].message)
    assert seen[0].filename == __file__


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("x_train", np.zeros((3, 28, 28))),
        ("x_train", np.zeros((3, 784), np.uint8)),
        ("x_test", np.zeros((3, 28, 28), np.uint8)),
        ("y_train", np.zeros((3, 1), np.uint8)),
        ("y_test", np.uint8(0)),
    ],
)
def test_a_stand_in_of_another_form_is_refused_by_name(name, array, home, monkeypatch):
    assert f"{name} is {array.dtype}" in refused(home, monkeypatch, stand_in(**{name: array}))


def test_a_stand_in_lacking_an_array_is_refused(home, monkeypatch):
    arrays = stand_in()
    del arrays["x_test"]
    assert "no array x_test" in refused(home, monkeypatch, arrays)


@pytest.mark.parametrize("cache", [keras_cache, own_cache])
def test_a_stand_in_in_a_cache_is_never_used(cache, home):
    save(cache(home), stand_in())
    with pytest.raises(DatasetNotFoundError, match=r"a stand-in .*only taken from the folder"):
        load_mnist()


def test_a_stand_in_is_never_downloaded(home, serve):
    serve(save(home / "stand_in.npz", stand_in()).read_bytes())
    with pytest.raises(DatasetNotFoundError, match="a stand-in"):
        load_mnist()


def test_a_saved_stand_in_holds_the_digits(home, monkeypatch):
    path = save_stand_in(home / "new" / "folder")
    monkeypatch.setenv("TF2DOCS_DATA", str(path.parent))
    with pytest.warns(StandInWarning, match="scikit-learn's 1,797 digits"):
        loaded = load_mnist()
    (x_train, y_train), (x_test, y_test) = load_digits()
    assert same(loaded, {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test})
    assert [file.name for file in path.parent.iterdir()] == ["mnist.npz"]


def test_a_stand_in_never_replaces_a_file(home, published):
    path = save(home / "mnist.npz", published)
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="might be real"):
        save_stand_in(home)
    assert path.read_bytes() == before


# The download


def test_a_download_is_verified_and_kept(home, published, serve):
    asked = serve(save(home / "served.npz", published).read_bytes())
    assert same(load_mnist(), published)
    assert same(load_mnist(), published)
    assert asked == ["/mnist.npz"]  # the second time it was in the cache
    assert [file.name for file in own_cache(home).parent.iterdir()] == ["mnist.npz"]


def test_a_download_replaces_a_wrong_file_in_our_cache(home, published, serve):
    serve(save(home / "served.npz", published).read_bytes())
    own_cache(home).parent.mkdir(parents=True)
    own_cache(home).write_bytes(b"half a file")
    with pytest.warns(UserWarning, match="passed over"):
        load_mnist()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert same(load_mnist(), published)


def test_a_wrong_download_is_said_and_not_kept(home, published, serve):
    serve(b"<html>please log in</html>")
    with pytest.raises(DatasetNotFoundError, match="26 bytes that are not a whole"):
        load_mnist()
    assert not own_cache(home).exists()


def test_a_download_cut_off_is_said_and_not_kept(home, published, serve):
    data = save(home / "served.npz", published).read_bytes()
    serve(data[:-100], declared=len(data))
    with pytest.raises(DatasetNotFoundError, match=f"{len(data) - 100:,}"):
        load_mnist()
    assert not own_cache(home).exists()


def test_a_refusal_by_the_address_is_said(serve):
    serve(b"", status=403)
    with pytest.raises(DatasetNotFoundError, match="HTTP Error 403"):
        load_mnist()


def test_a_download_that_cannot_be_kept_is_used_aloud(home, monkeypatch, published, serve):
    def full(path, data):
        raise OSError(28, "No space left on device")

    serve(save(home / "served.npz", published).read_bytes())
    monkeypatch.setattr(datasets, "_write", full)
    with pytest.warns(UserWarning, match=r"couldn't be kept at .*: No space left on device"):
        assert same(load_mnist(), published)


def test_a_silent_address_is_given_up_in_time(monkeypatch):
    monkeypatch.setattr(datasets, "_PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(datasets, "_ADDRESS", f"http://127.0.0.1:{silent.getsockname()[1]}/mnist.npz")
        with pytest.raises(DatasetNotFoundError, match=r"no answer in 0.2 seconds|timed out"):
            load_mnist()


def test_a_name_that_is_never_resolved_is_given_up_in_time(monkeypatch):
    wait = threading.Event()
    monkeypatch.setattr(datasets, "_PATIENCE", 0.2)
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: wait.wait(10))
    with pytest.raises(DatasetNotFoundError, match=r"no answer in 0.2 seconds"):
        load_mnist()
    wait.set()


def test_a_slow_download_is_given_up_in_time(monkeypatch, serve):
    serve(b"half a file")
    monkeypatch.setattr(datasets, "_DOWNLOAD_LIMIT", -1.0)
    with pytest.raises(DatasetNotFoundError, match="too slow"):
        load_mnist()


def test_a_proxy_set_after_a_failure_is_used(home, monkeypatch, published, serve):
    with pytest.raises(DatasetNotFoundError):
        load_mnist()
    asked = serve(save(home / "served.npz", published).read_bytes())
    monkeypatch.setenv("http_proxy", datasets._ADDRESS.removesuffix("/mnist.npz"))
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setattr(datasets, "_ADDRESS", "http://mnist.invalid/mnist.npz")
    assert same(load_mnist(), published)
    assert asked == ["http://mnist.invalid/mnist.npz"]


def test_a_half_written_file_is_never_left(home, monkeypatch):
    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_stand_in(home / "folder")
    assert list((home / "folder").iterdir()) == []


def test_without_data_and_network_the_error_names_places_and_ways_out(home):
    own_cache(home).parent.mkdir(parents=True)
    own_cache(home).write_bytes(b"half a file")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DatasetNotFoundError) as caught:
            load_mnist()
    message = str(caught.value)
    assert isinstance(caught.value, FileNotFoundError)
    assert f"{keras_cache(home)}\n    No such file or directory" in message
    assert f"{own_cache(home)}\n    11 bytes that are not a whole .npz file" in message
    assert datasets._ADDRESS in message
    assert "Connection refused" in message
    for way_out in ("TF2DOCS_DATA", "HTTPS_PROXY", "load_digits()", f"copy it to\n       {own_cache(home)}"):
        assert way_out in message


# The digits


def test_digits_have_mnists_form():
    for images, labels in load_digits():
        assert images.shape == (len(labels), 28, 28)
        assert images.dtype == labels.dtype == np.uint8


def test_each_digit_has_its_share_in_both_parts():
    (_, y_train), (_, y_test) = load_digits()
    shares = np.bincount(y_test) / (np.bincount(y_train) + np.bincount(y_test))
    assert (len(y_train), len(y_test)) == (1500, 297)
    assert np.all(np.abs(shares - 297 / 1797) < 0.004)


def test_the_digits_and_their_split_never_change():
    sums = [hashlib.sha256(array.tobytes()).hexdigest()[:8] for split in load_digits() for array in split]
    assert sums == ["0afd2a88", "aa596277", "e91ccc8b", "dd07fb3f"]


def test_a_digit_is_enlarged_smoothly_and_keeps_a_margin():
    image = np.zeros((1, 8, 8))
    image[0, 0, 0] = 16
    enlarged = datasets._enlarge(image)[0]
    assert enlarged[:6, 3].tolist() == [0, 85, 170, 255, 170, 85]
    assert datasets._enlarge(np.full((1, 8, 8), 16))[0, 0].max() == 0


def test_a_noisy_line_has_the_slope_and_the_intercept_asked_for():
    inputs, outputs = noisy_line(20_000, slope=-1.5, intercept=0.5, noise=0.3, seed=1)
    assert inputs.dtype == outputs.dtype == np.float32 and inputs.shape == outputs.shape == (20_000,)
    assert np.polyfit(inputs, outputs, 1) == pytest.approx([-1.5, 0.5], abs=0.01)
    assert np.std(outputs - (-1.5 * inputs + 0.5)) == pytest.approx(0.3, abs=0.01)


def test_classes_can_be_told_apart_by_their_centres():
    inputs, labels = make_classes(3000, features=20, classes=4, seed=2)
    assert inputs.dtype == np.float32 and set(labels) == {0, 1, 2, 3}
    centres = np.stack([inputs[:1500][labels[:1500] == c].mean(axis=0) for c in range(4)])  # (4, 20)
    nearest = np.linalg.norm(inputs[1500:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == labels[1500:]).mean() > 0.9


@pytest.mark.parametrize("make", [noisy_line, make_classes])
def test_a_seed_draws_the_same_again_and_another_seed_draws_others(make):
    for one, same, other in zip(make(50, seed=3), make(50, seed=3), make(50, seed=4), strict=True):
        assert (one == same).all() and (one != other).any()


@pytest.mark.parametrize(
    "wrong", [lambda: noisy_line(0), lambda: noisy_line(noise=-1.0), lambda: make_classes(classes=0)]
)
def test_synthetic_data_refuse_what_makes_no_sense(wrong):
    with pytest.raises(ValueError, match="expected at least"):
        wrong()
