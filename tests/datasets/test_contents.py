"""What is taken for a data set, and what is refused: damage, exchange, bombs, tricks."""

import bz2
import gzip
import io
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from tf2docs.datasets import WrongDatasetError, load_fashion_mnist, load_mnist

MEGABYTE = 1 << 20


@pytest.fixture
def refused(home, monkeypatch):
    """The message for this as mnist.npz in the folder that the user named."""
    monkeypatch.setenv("TF2DOCS_DATA", str(home))

    def message(data: bytes, load=load_mnist, name="mnist.npz") -> str:
        path = home / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        with pytest.raises(WrongDatasetError) as caught:
            load()
        assert str(path) in str(caught.value)
        assert "Replace it" in str(caught.value)
        return str(caught.value)

    return message


@pytest.fixture
def frugal():
    """A test that unpacks or reads what it should refuse fails."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * MEGABYTE


def test_a_wrong_value_is_refused_by_the_array_s_name(refused, published):
    wrong = published["x_test"].copy()
    wrong[1, 27, 27] ^= 1
    assert "x_test has the SHA-256" in refused(published.npz(x_test=wrong))


def test_a_missing_array_is_refused_by_name(refused, published):
    del published["y_train"]
    assert "no array y_train in it, only x_train, x_test, y_test" in refused(published.npz())


def test_a_wrong_dtype_is_refused(refused, published):
    message = refused(published.npz(y_test=published["y_test"].astype(np.int64)))
    assert "y_test is int64 of shape (20,), expected uint8 of (20,)" in message


def test_a_wrong_shape_is_refused(refused, published):
    message = refused(published.npz(x_test=published["x_test"].reshape(20, 784)))
    assert "x_test is uint8 of shape (20, 784), expected uint8 of (20, 28, 28)" in message


@pytest.mark.parametrize("data", [b"", b"PK\5\6", b"half a file"])
def test_a_file_that_is_no_archive_is_refused(data, refused):
    assert f"{len(data)} bytes that are not a whole .npz file" in refused(data)


def test_a_web_page_is_recognized(refused):
    assert "26 bytes of a web page" in refused(b"<html>please log in</html>")
    assert "28 bytes of a web page" in refused(b"\n <html>please log in</html>")


def test_a_file_cut_off_is_refused(refused, npz):
    assert "not a whole" in refused(npz[:-100])


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_file_with_a_changed_byte_is_refused_or_holds_mnist_still(
    save, home, monkeypatch, published
):
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    whole, refusals = published.npz(save), 0
    ends = [*range(40), *range(len(whole) - 400, len(whole))]  # where the archive's own numbers are
    for place in [*ends, *np.random.default_rng(0).integers(len(whole), size=200)]:
        data = bytearray(whole)
        data[place] ^= 1 << (place % 8)
        (home / "mnist.npz").write_bytes(data)
        try:
            assert published.same(load_mnist())
        except WrongDatasetError:
            refusals += 1
    assert refusals > 300


def test_a_pickle_in_the_file_is_never_run(refused, published):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was run",))

    assert "y_test is object" in refused(
        published.npz(y_test=np.array([Trap()] * 20, dtype=object))
    )


def archive(published, *, compression=zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    """An .npz file with some of its members exchanged."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as written:
        for name, array in published.items():
            plain = io.BytesIO()
            np.save(plain, array)
            written.writestr(f"{name}.npy", members.pop(f"{name}.npy", plain.getvalue()))
        for name, data in members.items():
            written.writestr(name, data)
    return packed.getvalue()


def npy(shape: tuple[int, ...], values: bytes = b"", descr: str = "|u1") -> bytes:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": descr, "fortran_order": False, "shape": shape}
    )
    return header.getvalue() + values


def test_a_zip_bomb_is_not_unpacked(refused, published, frugal):
    bomb = npy((20,), bytes(200 * MEGABYTE))
    with_bomb = archive(published, **{"y_test.npy": bomb})
    del bomb
    tracemalloc.reset_peak()
    assert "y_test" in refused(with_bomb) or "more than" in refused(with_bomb)


def test_an_array_that_announces_a_huge_shape_is_not_made_room_for(refused, published, frugal):
    message = refused(archive(published, **{"x_test.npy": npy((1 << 40, 28, 28))}))
    assert "x_test is uint8 of shape (1099511627776, 28, 28)" in message


def test_a_stand_in_can_not_announce_more_than_the_set_has(refused, published, frugal):
    note = npy((), "ok".encode("utf-32-le"), "<U2")
    message = refused(
        archive(published, **{"x_test.npy": npy((1 << 40, 28, 28)), "stand_in.npy": note})
    )
    assert "expected uint8 of (20, 28, 28) or fewer examples" in message


def test_a_huge_header_is_not_read(refused, published, frugal):
    huge = b"\x93NUMPY\x02\x00" + struct.pack("<I", 1 << 30) + bytes(1000)
    assert "format (2, 0)" in refused(archive(published, **{"y_test.npy": huge}))


def test_a_huge_remark_of_a_stand_in_is_not_read(refused, published, frugal):
    assert "expected a line of text" in refused(published.npz(stand_in=np.array("x" * 100_000)))


def test_a_list_of_members_that_never_ends_is_not_read(refused, npz, frugal):
    directory = bytearray(npz)
    struct.pack_into("<L", directory, len(npz) - 10, 1 << 20)
    assert "more members than" in refused(bytes(directory))


def test_the_end_of_a_very_large_archive_is_refused(refused, npz):
    locator = b"PK\6\7" + bytes(16)
    assert "more members than" in refused(npz[:-22] + locator + npz[-22:])


def test_a_file_larger_than_its_arrays_is_not_opened(refused, npz, frugal):
    message = refused(npz + bytes(2 * MEGABYTE))
    assert "mnist.npz can't have more than" in message


def test_a_compression_that_numpy_never_uses_is_refused(refused, published):
    assert "compressed in a way (method 12)" in refused(
        archive(published, compression=zipfile.ZIP_BZIP2)
    )
    assert bz2  # so that a Python without it fails here and not in zipfile


def test_an_array_that_is_shorter_than_it_says_is_refused(refused, published):
    assert "19 values, expected 20" in refused(
        archive(published, **{"y_test.npy": npy((20,), bytes(19))})
    )


def test_an_array_that_is_longer_than_it_says_is_refused(refused, published):
    assert "more than the 20 values expected" in refused(
        archive(published, **{"y_test.npy": npy((20,), bytes(21))})
    )


def test_names_in_an_archive_are_never_paths(home, monkeypatch, published):
    tricks = {"../../stolen.npy": b"x", "/tmp/stolen.npy": b"x", "C:\\stolen.npy": b"x"}
    (home / "mnist.npz").write_bytes(archive(published, **tricks))
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert published.same(load_mnist())
    assert sorted(path.name for path in home.parent.rglob("*")) == ["mnist.npz", home.name]


# The four files


def test_mnist_in_any_gzip_file_is_mnist(home, monkeypatch, published):
    folder = published.save_idx(home / "mnist")
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), compresslevel=1))
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert published.same(load_mnist())


IMAGES = "mnist/t10k-images-idx3-ubyte.gz"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data[:-100], "damaged gzip file"),
        (lambda data: data[:500] + bytes([data[500] ^ 0x55]) + data[501:], ""),
        (lambda data: data + b"trailing", "damaged gzip file"),
        (lambda data: gzip.decompress(data), "not a gzip file"),
        (lambda data: gzip.compress(gzip.decompress(data)[:-1]), "15,679 values, expected 15,680"),
        (lambda data: gzip.compress(gzip.decompress(data) + b"x"), "more than the 15,680 values"),
        (
            lambda data: gzip.compress(b"\0\0\x0d\3" + gzip.decompress(data)[4:]),
            "begins with 00 00 0d 03",
        ),
        (
            lambda data: gzip.compress(b"\0\0\x08\3\0\0\0\x15" + gzip.decompress(data)[8:]),
            "the shape (21, 28, 28)",
        ),
        (
            lambda data: gzip.compress(gzip.decompress(data)[:-1] + b"\xff"),
            "x_test has the SHA-256",
        ),
        (lambda data: gzip.compress(b"\0\0\x08\3\xff\xff\xff\xff" * 2), "the shape (4294967295, "),
        (lambda data: gzip.compress(b""), "expected 00 00 08 03"),
    ],
)
def test_a_damaged_file_of_the_four_is_refused(change, message, home, refused, published):
    published.save_idx(home / "mnist")
    assert message in refused(change(published.idx("x_test")), name=IMAGES)


def test_a_gzip_bomb_is_not_unpacked(home, refused, published, frugal):
    published.save_idx(home / "mnist")
    bomb = gzip.compress(gzip.decompress(published.idx("x_test")) + bytes(200 * MEGABYTE))
    tracemalloc.reset_peak()
    assert "more than the 15,680 values" in refused(bomb, name=IMAGES)


def test_fashion_mnist_in_another_gzip_file_can_not_be_verified(home, refused, published):
    published.save_idx(home / "fashion-mnist")
    other = gzip.compress(gzip.decompress(published.idx("x_train")), compresslevel=1)
    message = refused(other, load_fashion_mnist, "fashion-mnist/train-images-idx3-ubyte.gz")
    assert "no other file can be verified" in message
