"""Where data sets are found, and in which order."""

import re
import warnings

import numpy as np
import pytest

from tf2docs.datasets import DatasetNotFoundError, WrongDatasetError, load_fashion_mnist, load_mnist
from tf2docs.datasets.explaining import not_in_named_folder, nowhere
from tf2docs.datasets.table import SETS


@pytest.fixture
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("cache", ["keras_cache", "own_cache"])
@pytest.mark.parametrize("form", ["npz", "idx"])
def test_mnist_is_read_from_a_cache_in_either_form_without_a_word(
    cache, form, request, published, server, quiet
):
    folder = request.getfixturevalue(cache)
    published.save_npz(folder) if form == "npz" else published.save_idx(folder / "mnist")
    assert published.same(load_mnist())
    assert server.asked == []


@pytest.mark.parametrize("cache", ["keras_cache", "own_cache"])
def test_fashion_mnist_is_read_from_a_cache(cache, request, published, server, quiet):
    # Keras's loader keeps it there
    published.save_idx(request.getfixturevalue(cache) / "fashion-mnist")
    assert published.same(load_fashion_mnist())
    assert server.asked == []


def test_without_keras_home_the_cache_is_dot_keras(home, monkeypatch, published):
    monkeypatch.delenv("KERAS_HOME")
    published.save_npz(home / ".keras" / "datasets")
    assert published.same(load_mnist())


def test_the_named_folder_comes_first(home, keras_cache, monkeypatch, published, quiet):
    keras_cache.mkdir(parents=True)
    (keras_cache / "mnist.npz").write_bytes(b"never read")
    monkeypatch.setenv("TF2DOCS_DATA", str(published.save_npz(home / "mine").parent))
    assert published.same(load_mnist())


def test_the_named_folder_may_hold_the_four_files(home, monkeypatch, published):
    published.save_idx(home / "mnist")
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert published.same(load_mnist())


def test_an_empty_variable_names_no_folder(keras_cache, monkeypatch, published):
    monkeypatch.setenv("TF2DOCS_DATA", "")
    published.save_npz(keras_cache)
    assert published.same(load_mnist())


def test_another_packing_of_the_same_arrays_is_mnist(keras_cache, published):
    keras_cache.mkdir(parents=True)
    turned = {name: np.asfortranarray(published[name]) for name in reversed(published)}
    np.savez_compressed(keras_cache / "mnist.npz", **turned)
    assert published.same(load_mnist())


def test_nothing_is_found_in_a_named_folder_without_the_files(
    home, keras_cache, monkeypatch, published, server
):
    published.save_npz(keras_cache)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(DatasetNotFoundError, match="nowhere else") as caught:
        load_mnist()
    for said in (
        home / "mnist.npz",
        home / "mnist" / "t10k-images-idx3-ubyte.gz",
        "ab" * 32,
        "Unset TF2DOCS_DATA",
    ):
        assert str(said) in str(caught.value)
    assert server.asked == []


@pytest.mark.parametrize(
    "dataset", [each for each in SETS.values() if each.title], ids=lambda d: d.name
)
def test_messages_suit_one_thing_and_several(dataset, home):
    """MNIST was looked for, but the spoken digits were: no verb belongs to a title."""
    for message in (not_in_named_folder(dataset, home, []), nowhere(dataset, [])):
        assert dataset.title in message
        assert not re.search(rf"{re.escape(dataset.title)} (is|isn't|was|wasn't|has)\b", message)


def test_the_file_that_a_named_folder_lacks_is_named(home, monkeypatch, published):
    (published.save_idx(home / "mnist") / "t10k-labels-idx1-ubyte.gz").unlink()
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(DatasetNotFoundError, match=r"t10k-labels-idx1-ubyte.gz\n    not there"):
        load_mnist()


def test_a_named_folder_that_does_not_exist_is_said_in_full(home, monkeypatch):
    monkeypatch.chdir(home)
    monkeypatch.setenv("TF2DOCS_DATA", "typo")
    with pytest.raises(DatasetNotFoundError) as caught:
        load_mnist()
    assert f"{home / 'typo'}\n    there is no such folder" in str(caught.value)


def test_a_wrong_file_in_a_cache_is_passed_over_aloud(keras_cache, own_cache, published):
    keras_cache.mkdir(parents=True)
    (keras_cache / "mnist.npz").write_bytes(b"half a file")
    published.save_npz(own_cache)
    with pytest.warns(UserWarning, match="passed over") as seen:
        assert published.same(load_mnist())
    assert str(keras_cache / "mnist.npz") in str(seen[0].message)
    assert seen[0].filename == __file__  # points at the reader's own line


def test_the_reader_s_mirrors_are_asked_first_in_their_order(monkeypatch, published, server, npz):
    server.offer("/mine", {"mnist.npz": npz})
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{server.base}/theirs {server.base}/mine/")
    assert published.same(load_mnist())
    assert server.asked == [
        "/theirs/mnist.npz",
        "/theirs/mnist/train-images-idx3-ubyte.gz",
        "/mine/mnist.npz",
    ]


def test_a_mirror_may_have_the_four_files(monkeypatch, published, server):
    files = {"x_train": "train-images-idx3", "y_train": "train-labels-idx1"}
    files |= {"x_test": "t10k-images-idx3", "y_test": "t10k-labels-idx1"}
    server.offer(
        "/mine/fashion-mnist",
        {f"{file}-ubyte.gz": published.idx(name) for name, file in files.items()},
    )
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{server.base}/mine")
    assert published.same(load_fashion_mnist())


def test_a_wrong_file_in_the_named_folder_is_an_error(home, monkeypatch, server):
    (home / "mnist.npz").write_bytes(b"half a file")
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(WrongDatasetError, match="Replace it by another copy") as caught:
        load_mnist()
    assert str(home / "mnist.npz") in str(caught.value)
    assert caught.value.path == home / "mnist.npz"
    assert server.asked == []
