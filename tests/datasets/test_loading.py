"""What the loaders return: shares, scales, stand-ins, and the sets that need no file."""

import hashlib

import numpy as np
import pytest

from tf2docs import datasets
from tf2docs.datasets import (
    DatasetNotFoundError,
    StandInWarning,
    WrongDatasetError,
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_fashion_mnist,
    load_iris,
    load_mnist,
    load_wine,
    make_classes,
    noisy_line,
    save_stand_in,
)
from tf2docs.datasets.choosing import prefix
from tf2docs.datasets.shipped import _enlarge
from tf2docs.datasets.table import SETS

NOTE = "five noughts"
ROWS = (load_iris, load_wine, load_breast_cancer, load_diabetes)


# Which examples, and how large their values


@pytest.fixture
def at_hand(published, keras_cache):
    published.save_npz(keras_cache)
    published.save_idx(keras_cache / "fashion-mnist")
    return published


@pytest.mark.parametrize("load", [load_mnist, load_fashion_mnist])
def test_fewer_training_examples_leave_the_test_set_whole(load, at_hand):
    (x_train, y_train), (x_test, _) = load(examples=30)
    assert (x_train.shape, y_train.shape, x_test.shape) == ((30, 28, 28), (30,), (20, 28, 28))
    chosen = [
        np.flatnonzero((at_hand["x_train"] == image).all(axis=(1, 2)))[0] for image in x_train
    ]
    assert chosen == sorted(chosen)
    assert (at_hand["y_train"][chosen] == y_train).all()


@pytest.mark.parametrize("examples", [0, -1, 61])
def test_a_number_of_examples_that_makes_no_sense_is_refused(examples, at_hand):
    with pytest.raises(ValueError, match=f"examples is {examples}, .* number from 1 to 60"):
        load_mnist(examples=examples)


@pytest.mark.parametrize("load", [load_mnist, load_fashion_mnist])
def test_scaled_images_are_floats_from_nought_to_one(load, at_hand):
    (x_train, y_train), (x_test, _) = load(scaled=True)
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == np.uint8
    # as a page would write it
    np.testing.assert_array_equal(x_train, at_hand["x_train"].astype("float32") / 255)


def test_every_prefix_has_of_each_class_its_share_and_holds_the_smaller_ones():
    labels = np.random.default_rng(0).choice(4, size=997, p=[0.6, 0.25, 0.1, 0.05])
    counts, before = np.bincount(labels), set()
    for examples in range(1, 998):
        indices, chosen = prefix((np.arange(997), labels), examples)
        assert len(indices) == examples and before < set(indices) and (np.diff(indices) > 0).all()
        assert np.abs(np.bincount(chosen, minlength=4) - examples * counts / 997).max() <= 1.5
        before = set(indices)
    assert before == set(range(997))


def test_a_prefix_takes_the_first_of_each_class():
    labels = np.repeat([3, 1], 50)
    indices, _ = prefix((np.arange(100), labels), 10)
    assert indices.tolist() == [0, 1, 2, 3, 4, 50, 51, 52, 53, 54]


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


def save(folder, arrays):
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "mnist.npz", **arrays)
    return folder / "mnist.npz"


def test_a_stand_in_is_used_with_a_warning_that_says_what_it_is(home, monkeypatch):
    path = save(home, stand_in())
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.warns(StandInWarning, match="stand-in") as seen:
        (x_train, _), (_, y_test) = load_mnist(examples=50)
    # fewer than asked for, but all there are
    assert (x_train.shape, y_test.shape) == ((3, 28, 28), (2,))
    assert str(path) in str(seen[0].message)
    assert NOTE in str(seen[0].message)
    assert seen[0].filename == __file__


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("x_train", np.zeros((3, 28, 28))),
        ("x_train", np.zeros((3, 784), np.uint8)),
        ("x_train", np.zeros((0, 28, 28), np.uint8)),
        ("x_test", np.zeros((21, 28, 28), np.uint8)),
        ("y_train", np.zeros((3, 1), np.uint8)),
        ("y_test", np.uint8(0)),
    ],
)
def test_a_stand_in_of_another_form_is_refused_by_name(name, array, home, monkeypatch):
    save(home, stand_in(**{name: array}))
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(WrongDatasetError, match=f"{name} is {array.dtype}"):
        load_mnist()


def test_a_stand_in_whose_parts_don_t_fit_is_refused(home, monkeypatch):
    save(home, stand_in(y_train=np.zeros(4, np.uint8)))
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(WrongDatasetError, match="4 labels of 3 images"):
        load_mnist()


@pytest.mark.parametrize("cache", ["keras_cache", "own_cache"])
def test_a_stand_in_in_a_cache_is_never_used(cache, request):
    save(request.getfixturevalue(cache), stand_in())
    with pytest.raises(DatasetNotFoundError, match=r"a stand-in .*only taken from the folder"):
        load_mnist()


def test_a_stand_in_is_never_downloaded(home, server):
    server.answers["/first/mnist.npz"] = server.whole(save(home, stand_in()).read_bytes())
    with pytest.raises(DatasetNotFoundError, match="a stand-in"):
        load_mnist()


def test_the_digits_are_a_stand_in_for_the_real_mnist(home, monkeypatch):
    monkeypatch.undo()  # the tiny MNIST has fewer examples than the digits
    path = save_stand_in(home / "new" / "folder")
    monkeypatch.setenv("TF2DOCS_DATA", str(path.parent))
    with pytest.warns(StandInWarning, match="scikit-learn's 1,797 digits"):
        loaded = load_mnist()
    for one, other in zip(loaded, load_digits(), strict=True):
        assert (one[0] == other[0]).all() and (one[1] == other[1]).all()
    assert [file.name for file in path.parent.iterdir()] == ["mnist.npz"]


def test_a_stand_in_never_replaces_a_file(home, published):
    before = published.save_npz(home).read_bytes()
    with pytest.raises(FileExistsError, match="might be real"):
        save_stand_in(home)
    assert (home / "mnist.npz").read_bytes() == before


# What comes with scikit-learn


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
    sums = [
        hashlib.sha256(array.tobytes()).hexdigest()[:8]
        for split in load_digits()
        for array in split
    ]
    assert sums == ["0afd2a88", "aa596277", "e91ccc8b", "dd07fb3f"]


def test_a_digit_is_enlarged_smoothly_and_keeps_a_margin():
    image = np.zeros((1, 8, 8))
    image[0, 0, 0] = 16
    enlarged = _enlarge(image)[0]
    assert enlarged[:6, 3].tolist() == [0, 85, 170, 255, 170, 85]
    assert _enlarge(np.full((1, 8, 8), 16))[0, 0].max() == 0


@pytest.mark.parametrize("load", ROWS)
def test_rows_have_the_shapes_that_the_table_states(load):
    (x_train, y_train), (x_test, y_test) = load()
    stated = SETS[load.__name__.removeprefix("load_")].shapes
    assert stated == f"{len(x_train)} + {len(x_test)} rows of {x_train.shape[1]} features"
    assert len(y_train) == len(x_train) and len(y_test) == len(x_test)
    assert x_train.dtype == x_test.dtype == np.float32


@pytest.mark.parametrize("load", ROWS)
def test_scaled_rows_are_scaled_by_the_training_part_alone(load):
    (plain, targets), (plain_test, _) = load()
    (x_train, y_train), (x_test, _) = load(scaled=True)
    np.testing.assert_allclose(x_train.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(x_train.std(axis=0), 1, atol=1e-4)
    np.testing.assert_allclose(
        x_test, (plain_test - plain.mean(axis=0)) / plain.std(axis=0), rtol=2e-2, atol=2e-3
    )
    np.testing.assert_array_equal(targets, y_train)
    assert x_train.dtype == np.float32


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer])
def test_each_class_has_its_share_in_both_parts(load):
    (_, y_train), (_, y_test) = load()
    shares = [np.bincount(part) / len(part) for part in (y_train, y_test)]
    assert np.abs(shares[0] - shares[1]).max() < 0.02


def test_scaled_digits_are_the_same_images():
    (x_train, _), _ = load_digits(scaled=True)
    np.testing.assert_array_equal(x_train, load_digits()[0][0].astype("float32") / 255)


def test_every_set_of_the_table_has_its_loader():
    assert {one.loader for one in SETS.values()} <= set(datasets.__all__)
    listed = {one.loader for one in SETS.values()} | {"save_stand_in"}
    assert listed == {
        name
        for name in datasets.__all__
        if name.partition("_")[0] in ("load", "make", "noisy", "save")
    }


def test_the_table_s_files_are_the_real_mnist_s(home, monkeypatch):
    monkeypatch.undo()
    mnist, fashion = SETS["mnist"], SETS["fashion_mnist"]
    assert [file.path for file in mnist.packings[0]] == ["mnist.npz"]
    assert {
        len(array.sha256) for packing in mnist.packings for file in packing for array in file.arrays
    } == {64}
    assert {file.checksum[0] for file in fashion.packings[0]} == {"md5"}
    assert all(source.address.endswith("/") for one in (mnist, fashion) for source in one.sources)


# What is drawn


def test_a_noisy_line_has_the_slope_and_the_intercept_asked_for():
    inputs, outputs = noisy_line(20_000, slope=-1.5, intercept=0.5, noise=0.3, seed=1)
    assert inputs.dtype == outputs.dtype == np.float32 and inputs.shape == outputs.shape == (
        20_000,
    )
    assert np.polyfit(inputs, outputs, 1) == pytest.approx([-1.5, 0.5], abs=0.01)
    assert np.std(outputs - (-1.5 * inputs + 0.5)) == pytest.approx(0.3, abs=0.01)


def test_classes_can_be_told_apart_by_their_centres():
    inputs, labels = make_classes(3000, features=20, classes=4, seed=2)
    assert inputs.dtype == np.float32 and set(labels) == {0, 1, 2, 3}
    # (4, 20)
    centres = np.stack([inputs[:1500][labels[:1500] == c].mean(axis=0) for c in range(4)])
    nearest = np.linalg.norm(inputs[1500:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == labels[1500:]).mean() > 0.9


@pytest.mark.parametrize("make", [noisy_line, make_classes])
def test_a_seed_draws_the_same_again_and_another_seed_draws_others(make):
    for one, same, other in zip(make(50, seed=3), make(50, seed=3), make(50, seed=4), strict=True):
        assert (one == same).all() and (one != other).any()
