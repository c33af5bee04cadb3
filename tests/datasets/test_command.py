"""python -m tf2docs.datasets: what is there, and what can be taken along."""

import subprocess
import sys

import pytest

from tf2docs.datasets import load_fashion_mnist, load_mnist
from tf2docs.datasets.__main__ import main
from tf2docs.datasets.table import SETS

FIRST = "/first/mnist.npz"


def test_without_names_every_set_is_listed_with_its_place(capsys, published, keras_cache):
    path = published.save_npz(keras_cache)
    assert main([]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in SETS)
    assert f"{path} is whole" in listed
    assert "missing; `python -m tf2docs.datasets fashion_mnist` fetches it" in listed
    assert "comes with scikit-learn" in listed and "drawn from a seed" in listed


def test_a_listing_downloads_nothing(capsys, server):
    main([])
    assert server.asked == []


def test_a_broken_file_is_listed_as_broken(capsys, published, keras_cache, own_cache):
    keras_cache.mkdir(parents=True)
    (keras_cache / "mnist.npz").write_bytes(b"half")
    path = published.save_npz(own_cache)
    assert main([]) == 1
    listed = capsys.readouterr().out
    assert f"BROKEN {keras_cache / 'mnist.npz'}" in listed
    assert f"{path} is whole" in listed


def test_a_named_folder_is_the_only_place_listed(capsys, home, published, keras_cache, monkeypatch):
    published.save_npz(keras_cache)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert main([]) == 0
    assert "missing" in capsys.readouterr().out.splitlines()[1]


def test_a_stand_in_is_listed_as_one(capsys, home, published, monkeypatch):
    published.save_npz(home, stand_in="noughts")
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert main([]) == 0
    assert "holds a stand-in: noughts" in capsys.readouterr().out
    assert main(["mnist"]) == 1


def test_sets_that_are_named_are_fetched(capsys, published, server, npz, own_cache):
    server.answers[FIRST] = server.whole(npz)
    assert main(["mnist", "iris"]) == 0
    assert f"mnist: {own_cache / 'mnist.npz'} is whole" in capsys.readouterr().out
    assert published.same(load_mnist())


def test_a_named_cache_keeps_what_is_fetched(published, server, npz, own_cache, home, monkeypatch):
    monkeypatch.setenv("TF2DOCS_CACHE", str(home / "large disk"))
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    assert (home / "large disk" / "mnist.npz").exists() and not own_cache.exists()


def test_what_can_not_be_fetched_is_an_error_and_the_others_are_fetched(
    capsys, server, npz, own_cache
):
    server.answers[FIRST] = server.whole(npz)
    assert main(["fashion_mnist", "mnist"]) == 1
    said = capsys.readouterr()
    assert "fashion_mnist: There is no copy of Fashion-MNIST on this machine" in said.err
    assert (own_cache / "mnist.npz").exists()


def test_what_is_not_kept_is_an_error(capsys, server, npz, own_cache):
    own_cache.parent.mkdir(parents=True)
    own_cache.write_bytes(b"")
    server.answers[FIRST] = server.whole(npz)
    assert main(["mnist"]) == 1
    assert "couldn't be kept" in capsys.readouterr().err


def test_an_unknown_name_is_said_before_anything_is_fetched(capsys, server):
    with pytest.raises(SystemExit) as caught:
        main(["mnist", "minst"])
    assert caught.value.code == 2
    assert (
        "there is no data set 'minst', expected one of mnist, fashion_mnist"
        in capsys.readouterr().err
    )
    assert server.asked == []


@pytest.mark.parametrize("from_cache", [True, False])
def test_a_folder_is_filled_for_another_machine(
    from_cache, home, published, server, npz, keras_cache, monkeypatch
):
    if from_cache:
        published.save_npz(keras_cache)
        published.save_idx(keras_cache / "fashion-mnist")
    else:
        server.answers[FIRST] = server.whole(npz)
        server.offer(
            "/fashion", {p.name: p.read_bytes() for p in published.save_idx(home / "x").iterdir()}
        )
    stick = home / "USB 盘" / "data"
    assert main(["mnist", "fashion_mnist", "--folder", str(stick)]) == 0
    files = sorted(
        path.relative_to(stick).as_posix() for path in stick.rglob("*") if path.is_file()
    )
    assert [name for name in files if not name.endswith(".lock")] == [
        "fashion-mnist/t10k-images-idx3-ubyte.gz",
        "fashion-mnist/t10k-labels-idx1-ubyte.gz",
        "fashion-mnist/train-images-idx3-ubyte.gz",
        "fashion-mnist/train-labels-idx1-ubyte.gz",
        "mnist.npz",
    ]
    monkeypatch.setenv("TF2DOCS_DATA", str(stick))
    assert published.same(load_mnist()) and published.same(load_fashion_mnist())


def test_a_folder_that_was_filled_is_a_mirror(home, published, server, keras_cache, monkeypatch):
    published.save_npz(keras_cache)
    main(["mnist", "--folder", str(home / "served")])
    server.offer("/mirror", {"mnist.npz": (home / "served" / "mnist.npz").read_bytes()})
    (keras_cache / "mnist.npz").unlink()
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{server.base}/mirror")
    assert published.same(load_mnist())


def test_a_broken_file_in_the_folder_is_replaced(home, published, keras_cache, npz):
    published.save_npz(keras_cache)
    (home / "mnist.npz").write_bytes(b"half")
    assert main(["mnist", "--folder", str(home)]) == 0
    assert (home / "mnist.npz").read_bytes() == npz


def test_a_folder_that_can_not_be_written_is_an_error(capsys, home, published, keras_cache):
    published.save_npz(keras_cache)
    (home / "file").write_bytes(b"")
    assert main(["mnist", "--folder", str(home / "file")]) == 1
    assert capsys.readouterr().err.startswith("mnist: ")


def test_the_named_folder_is_the_only_place_to_copy_from(
    capsys, home, published, keras_cache, monkeypatch, server
):
    published.save_npz(keras_cache)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert main(["mnist", "--folder", str(home / "stick")]) == 1
    assert "nowhere else" in capsys.readouterr().err
    assert server.asked == []


def test_it_runs_as_a_command(home):
    done = subprocess.run(
        [sys.executable, "-m", "tf2docs.datasets", "iris"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (
        0,
        "iris: comes with scikit-learn, there is nothing to fetch\n",
    )
