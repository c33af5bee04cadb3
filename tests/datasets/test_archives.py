"""A whole repository as a zip file or a folder: known by its files, fetched, filled by hand."""

import hashlib
import io
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from tf2docs.datasets import (
    DatasetNotFoundError,
    WrongDatasetError,
    load_fashion_mnist,
    load_mnist,
    load_photos,
)
from tf2docs.datasets.__main__ import main
from tf2docs.datasets.archive import read_archive, write_archive
from tf2docs.datasets.made_up import made_up_photos
from tf2docs.datasets.searching import find, put
from tf2docs.datasets.table import PHOTOS, SETS, File, Members, Source

PUBLISHED = {f"repo-1/{path}": data for path, data in made_up_photos(2, 1).items()}
JOINED = b"".join(PUBLISHED[name] for name in sorted(PUBLISHED))
MEMBERS = Members(".jpg", 30, len(JOINED), hashlib.sha256(JOINED).hexdigest())
OTHERS = {"repo-1/README.md": b"# Photographs", "repo-1/train/.DS_Store": b"of a Mac"}


def packed(files=PUBLISHED, compression=zipfile.ZIP_DEFLATED, comment=b"1234abcd") -> bytes:
    """A zip file as hosts make it, with other files and the commit as a comment."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", compression) as archive:
        for name, data in {**OTHERS, **files}.items():
            archive.writestr(name, data)
        archive.comment = comment
    return whole.getvalue()


@pytest.fixture(autouse=True)
def photos(monkeypatch, server):
    """What load_photos takes for CIFAR-10: 30 drawings, at /host/1234abcd."""
    archive = (File("repo-1.zip", members=MEMBERS, named="1234abcd"),)
    folder = (File("repo-1", members=MEMBERS, is_folder=True),)
    tiny = replace(
        PHOTOS,
        packings=(archive, folder),
        sources=(Source(f"{server.base}/host/", archive, "here"),),
    )
    monkeypatch.setattr("tf2docs.datasets.photos.PHOTOS", tiny)
    monkeypatch.setitem(SETS, "photos", tiny)
    return tiny


@pytest.fixture
def named(home, monkeypatch):
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    return home


def unpack(folder, files=PUBLISHED):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def whole(found) -> bool:
    files = dict(zip(*found.contents.arrays.values(), strict=True))
    return {f"repo-1/{name}": data for name, data in files.items()} == PUBLISHED


# From a server


def test_a_zip_file_is_fetched_by_its_commit_once_and_kept_by_its_own_name(photos, server, left):
    server.answers["/host/1234abcd"] = server.whole(packed(), tag=None)
    assert whole(find(photos)) and whole(find(photos))
    assert server.asked == ["/host/1234abcd"] and left() == ["repo-1.zip"]


def test_a_download_of_a_zip_file_goes_on_where_it_was_cut(photos, server):
    body = packed()
    server.answers["/host/1234abcd"] = server.in_turn(server.cut(body, 3000), server.whole(body))
    assert whole(find(photos)) and server.ranges == [None, "bytes=3000-"]


def test_a_zip_file_that_a_host_made_anew_between_two_parts_is_fetched_whole(photos, server):
    answers = (server.cut(packed(), 9000), server.whole(packed(compression=zipfile.ZIP_STORED)))
    server.answers["/host/1234abcd"] = server.in_turn(*answers)
    assert whole(find(photos))


def test_a_mirror_of_the_reader_is_asked_for_the_zip_file_and_never_for_the_folder(
    photos, server, monkeypatch
):
    monkeypatch.setenv("TF2DOCS_MIRROR", f"{server.base}/mine")
    server.answers["/host/1234abcd"] = server.whole(packed())
    assert whole(find(photos)) and server.asked == ["/mine/repo-1.zip", "/host/1234abcd"]


def test_a_zip_file_that_isn_t_the_published_one_is_not_kept(photos, server, left):
    changed = {**PUBLISHED, "repo-1/test/cat/0000.jpg": b"no cat"}
    server.answers["/host/1234abcd"] = server.whole(packed(changed))
    with pytest.raises(DatasetNotFoundError, match="in the order of their names, have the SHA"):
        find(photos)
    assert left() == []


def test_the_error_names_the_zip_file_the_folder_and_the_stand_in(photos):
    with pytest.raises(DatasetNotFoundError) as caught:
        find(photos)
    for said in ("repo-1.zip", "the file or the unpacked folder", 'save_stand_in(folder, "photos'):
        assert said in str(caught.value)
    assert "load_digits" not in str(caught.value)


# By its files, whatever holds them


@pytest.mark.parametrize(
    "data",
    [
        packed(compression=zipfile.ZIP_STORED),
        packed(comment=b""),
        packed(dict(reversed(PUBLISHED.items()))),
        packed({name.removeprefix("repo-1/"): data for name, data in PUBLISHED.items()}),
        packed({f"again/{name}": data for name, data in PUBLISHED.items()}),
        packed({**PUBLISHED, "__MACOSX/repo-1/train/cat/._0000.jpg": b"of a Mac"}),
    ],
)
def test_a_zip_file_packed_otherwise_is_the_same_set(data, photos, named):
    (named / "repo-1.zip").write_bytes(data)
    assert whole(find(photos))


def without(name):
    return {one: data for one, data in PUBLISHED.items() if one != name}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (without("repo-1/test/cat/0000.jpg"), r"29 \.jpg files, expected 30"),
        ({**PUBLISHED, "repo-1/test/cat/0001.jpg": b""}, r"31 \.jpg files, expected 30"),
        ({**PUBLISHED, "repo-1/test/cat/0000.jpg": b"no cat"}, "have the SHA-256"),
        ({**PUBLISHED, "repo-1/test/cat/0000.jpg": bytes(99999)}, "more than the .* bytes"),
        ({}, r"0 \.jpg files, expected 30"),
    ],
)
def test_other_files_are_refused_in_a_zip_file_and_in_a_folder(files, message, photos, named):
    (named / "repo-1.zip").write_bytes(packed(files))
    with pytest.raises(WrongDatasetError, match=message) as caught:
        find(photos)
    assert str(named / "repo-1.zip") in str(caught.value)
    (named / "repo-1.zip").unlink()
    (named / "repo-1").mkdir()
    unpack(named, files)
    with pytest.raises(WrongDatasetError, match=message) as caught:
        find(photos)
    assert str(named / "repo-1") in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "File is not a zip file"),
        (b"PK\5\6", "File is not a zip file"),
        (packed()[:-100], "File is not a zip file"),
        (b"<html>log in</html>", "19 bytes of a web page"),
        (bytes(3 << 20), "can't have more than"),
    ],
)
def test_what_is_no_such_zip_file_is_refused(data, message, photos, named):
    (named / "repo-1.zip").write_bytes(data)
    with pytest.raises(WrongDatasetError, match=message):
        find(photos)


def test_a_zip_file_with_a_changed_byte_is_refused_or_holds_the_set_still():
    data, refusals = packed(), 0
    ends = [*range(60), *range(len(data) - 300, len(data))]  # where the zip file's own numbers are
    for place in [*ends, *np.random.default_rng(0).integers(len(data), size=300)]:
        changed = bytearray(data)
        changed[place] ^= 1 << (place % 8)
        try:
            files, note = read_archive(io.BytesIO(changed), MEMBERS)
            assert note is None and list(files["files"]) == [
                PUBLISHED[name] for name in sorted(PUBLISHED)
            ]
        except WrongDatasetError:
            refusals += 1
    assert refusals > 200


def test_a_bomb_is_not_unpacked():
    bomb = packed({**PUBLISHED, "repo-1/test/airplane/0000.jpg": bytes(4 << 20)})
    tracemalloc.start()
    with pytest.raises(WrongDatasetError, match="more than"):
        read_archive(io.BytesIO(bomb), MEMBERS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20


# Filled by hand


@pytest.mark.parametrize("below", ["", "repo-1", "more/than/one"])
def test_an_unpacked_folder_is_accepted_however_deep(below, photos, named):
    unpack(
        named / "repo-1" / below,
        {name.removeprefix("repo-1/"): PUBLISHED[name] for name in PUBLISHED},
    )
    unpack(named, OTHERS)
    assert whole(find(photos))


def test_an_unpacked_folder_in_a_cache_spares_the_download(photos, own_cache, server):
    unpack(own_cache)
    assert whole(find(photos)) and server.asked == []


def test_an_unpacked_folder_is_put_on_a_stick_as_a_zip_file(photos, named, tmp_path, capsys):
    unpack(named)
    assert main(["photos", "--folder", str(tmp_path / "usb")]) == 0
    assert "repo-1.zip is whole" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "usb").iterdir()] == ["repo-1.zip"]
    assert whole(put(photos, tmp_path / "usb"))


# A stand-in


def test_a_stand_in_is_only_taken_from_the_folder_that_was_named(
    photos, named, server, monkeypatch
):
    few = dict(list(PUBLISHED.items())[:20])
    data = write_archive(few, "made up").getvalue()
    (named / "repo-1.zip").write_bytes(data)
    found = find(photos)
    assert found.contents.stand_in == "made up" and len(found.contents.arrays["names"]) == 20
    monkeypatch.delenv("TF2DOCS_DATA")
    server.answers["/host/1234abcd"] = server.whole(data)
    with pytest.raises(DatasetNotFoundError, match="a stand-in"):
        find(photos)


@pytest.mark.parametrize("files", [{}, {**PUBLISHED, "repo-1/test/cat/0001.jpg": b""}])
def test_a_stand_in_has_fewer_files_and_not_none(files, photos, named):
    (named / "repo-1.zip").write_bytes(write_archive(files, "made up").getvalue())
    with pytest.raises(WrongDatasetError, match=r"\.jpg files, expected 30"):
        find(photos)


# As a loader returns them


def test_photographs_are_decoded_with_their_labels_in_turn(named):
    unpack(named)
    (x_train, y_train), (x_test, y_test) = load_photos(examples=12)
    assert x_train.shape == (12, 32, 32, 3) and x_test.shape == (10, 32, 32, 3)
    assert x_train.dtype == y_train.dtype == np.uint8
    assert y_test.tolist() == [*range(10)] and set(y_train) == {*range(10)}
    red, blue = (x_test[..., channel].mean(axis=(1, 2)) for channel in (0, 2))
    assert (red > blue).tolist() == [label < 5 for label in range(10)]
    (scaled, _), _ = load_photos(scaled=True)
    assert scaled.shape == (20, 32, 32, 3) and scaled.dtype == np.float32 and scaled.max() <= 1


@pytest.mark.parametrize("examples", [0, -1, 50_001])
def test_examples_that_there_cannot_be_are_refused_before_anything_is_read(examples):
    with pytest.raises(ValueError, match=f"examples is {examples}, .* number from 1 to 50000"):
        load_photos(examples=examples)


@pytest.mark.parametrize("examples", [2.5, 20.0, "20", True])
@pytest.mark.parametrize("load", [load_photos, load_mnist, load_fashion_mnist])
def test_examples_that_are_no_whole_number_are_refused_before_anything_is_read(load, examples):
    with pytest.raises(TypeError, match=f"examples is {examples!r}, a .* whole number from 1"):
        load(examples=examples)
