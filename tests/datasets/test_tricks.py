"""Files made to break a reader.

Wherever they lie, they are refused by a named error, and the search goes on.
"""

import gzip
import io
import struct
import time
import tracemalloc
import warnings
import zipfile
import zlib

import numpy as np
import pytest

from tf2docs.datasets import DatasetNotFoundError, WrongDatasetError, load_mnist

# of Python, on evaluating a strange header
pytestmark = pytest.mark.filterwarnings("ignore:invalid")

FIRST = "/first/mnist.npz"
PLAIN = "{'descr': '|u1', 'fortran_order': False, 'shape': (20,), }"


def npy(
    header: str | bytes,
    values: bytes = bytes(20),
    *,
    version: bytes = b"\x01\x00",
    length: int | None = None,
) -> bytes:
    header = header.encode("latin-1") if isinstance(header, str) else header
    size = len(header) if length is None else length
    return (
        b"\x93NUMPY"
        + version
        + struct.pack("<H" if version[0] == 1 else "<I", size)
        + header
        + values
    )


def archive(published, **members: bytes) -> bytes:
    """An .npz file with some of its members exchanged for others."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for name, array in published.items():
            plain = io.BytesIO()
            np.save(plain, array)
            written.writestr(f"{name}.npy", members.pop(name, plain.getvalue()))
    return packed.getvalue()


HEADERS = {
    "half a tuple": "{'descr': (",
    "a number for a key": "{1: 2}",
    "an empty tuple as dtype": "{'descr': (), 'fortran_order': False, 'shape': (20,)}",
    "an empty list as dtype": "{'descr': [], 'fortran_order': False, 'shape': (20,)}",
    "a tuple as dtype": "{'descr': ('|u1', 3), 'fortran_order': False, 'shape': (20,)}",
    "a tuple of one as dtype": "{'descr': ('|u1',), 'fortran_order': False, 'shape': (20,)}",
    "nested tuples as dtype": "{'descr': (((),),), 'fortran_order': False, 'shape': (20,)}",
    "fields": "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (20,)}",
    "fields of one": "{'descr': [('a',)], 'fortran_order': False, 'shape': (20,)}",
    "fields of numbers": "{'descr': [(1, 2, 3)], 'fortran_order': False, 'shape': (20,)}",
    "the same field twice": (
        "{'descr': [('a', '|u1'), ('a', '|u1')], 'fortran_order': False, 'shape': (20,)}"
    ),
    "fields of a negative shape": (
        "{'descr': [('a', '|u1', (-1,))], 'fortran_order': False, 'shape': (20,)}"
    ),
    "none as dtype": "{'descr': None, 'fortran_order': False, 'shape': (20,)}",
    "a number as dtype": "{'descr': 5, 'fortran_order': False, 'shape': (20,)}",
    "a dict as dtype": "{'descr': {}, 'fortran_order': False, 'shape': (20,)}",
    "bytes as dtype": "{'descr': b'|u1', 'fortran_order': False, 'shape': (20,)}",
    "an unknown dtype": "{'descr': 'quark', 'fortran_order': False, 'shape': (20,)}",
    "an empty dtype": "{'descr': '', 'fortran_order': False, 'shape': (20,)}",
    "a dtype of commas": "{'descr': ',,,', 'fortran_order': False, 'shape': (20,)}",
    "a huge dtype": "{'descr': '|V99999999999999', 'fortran_order': False, 'shape': (20,)}",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (20,)}",
    "text": "{'descr': '<U1', 'fortran_order': False, 'shape': (5,)}",
    "dates": "{'descr': '<M8[quark]', 'fortran_order': False, 'shape': (20,)}",
    "eight bytes": "{'descr': '<i8', 'fortran_order': False, 'shape': (20,)}",
    "signed bytes": "{'descr': '|i1', 'fortran_order': False, 'shape': (20,)}",
    "truth values": "{'descr': '|b1', 'fortran_order': False, 'shape': (20,)}",
    "a negative shape": "{'descr': '|u1', 'fortran_order': False, 'shape': (-20,)}",
    "a huge shape": f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({1 << 62},)}}",
    "a shape of 3000 digits": (
        f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({'9' * 3000},)}}"
    ),
    "a shape of 5000 digits": (
        f"{{'descr': '|u1', 'fortran_order': False, 'shape': (0x{'f' * 5000},)}}"
    ),
    "a shape of many dimensions": (
        f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({'1,' * 2000})}}"
    ),
    "no dimension": "{'descr': '|u1', 'fortran_order': False, 'shape': ()}",
    "a list as shape": "{'descr': '|u1', 'fortran_order': False, 'shape': [20]}",
    "a text as shape": "{'descr': '|u1', 'fortran_order': False, 'shape': '20'}",
    "a fraction as shape": "{'descr': '|u1', 'fortran_order': False, 'shape': (20.0,)}",
    "a number as shape": "{'descr': '|u1', 'fortran_order': False, 'shape': 20}",
    "none as shape": "{'descr': '|u1', 'fortran_order': False, 'shape': None}",
    "no shape": "{'descr': '|u1', 'fortran_order': False}",
    "an order that is a number": "{'descr': '|u1', 'fortran_order': 1, 'shape': (20,)}",
    "another key": "{'descr': '|u1', 'fortran_order': False, 'shape': (20,), 'x': 1}",
    "a list": "['|u1', False, (20,)]",
    "nothing": "",
    "spaces": " " * 100,
    "noughts": "\0" * 100,
    "line ends": "\n" * 100,
    "a call": "__import__('os').abort()",
    "a sum": "1+1",
    "brackets": "(" * 5000,
    "minus signs": "-" * 9000 + "1",
    "a set in a dict": "{{1}: 2}",
    "a long name": "x" * 9000,
    "characters that aren't ASCII": "{'descr': '\u00ff'}",
    "half a text": "{'descr': '",
    "half an escape": "{'descr': '\\N{'}",
    "a strange escape": "{'descr': '\\d', 'fortran_order': False, 'shape': (20,)}",
    "letters behind a number": (
        "{'descr': '|u1', 'fortran_order': False, 'shape': (20if 1 else 2,)}"
    ),
    "more than it may be long": PLAIN.ljust(20_000),
}
MEMBERS = {name: npy(header) for name, header in HEADERS.items()} | {
    "version 2": npy(PLAIN, version=b"\x02\x00"),
    "version 3": npy(PLAIN, version=b"\x03\x00"),
    "version 9": npy(PLAIN, version=b"\x09\x00"),
    "version 0": npy(PLAIN, version=b"\x00\x00", length=5),
    "another magic": b"\x93NUMPX" + bytes(100),
    "half a magic": b"\x93NU",
    "nothing at all": b"",
    "half a header": npy(PLAIN, b"", length=60_000),
    "a header of nought": npy(PLAIN, length=0),
    "a pickle": b"\x80\x04\x95" + bytes(100),
    "a link's target": b"/etc/passwd",
    "too few values": npy(PLAIN, bytes(19)),
    "too many values": npy(PLAIN, bytes(21)),
    "no values": npy(PLAIN, b""),
    "other values": npy(PLAIN, b"\xff" * 20),
}


def changed(published, change) -> bytes:
    data = bytearray(archive(published))
    change(data)
    return bytes(data)


def central(data: bytearray, name: bytes = b"y_test.npy") -> int:
    """Where the archive's list has a member."""
    return data.rindex(name) - 46


def encrypt(data):
    data[central(data) + 8] |= 1
    data[data.index(b"y_test.npy") - 30 + 6] |= 1


def lie_of_size(data):
    struct.pack_into("<L", data, central(data) + 24, 0xFFFFFFF0)


def lie_of_packed_size(data):
    struct.pack_into("<L", data, central(data) + 20, 0xFFFFFFF0)


def ask_for_zip64(data):
    struct.pack_into("<LL", data, central(data) + 20, 0xFFFFFFFF, 0xFFFFFFFF)


def lie_of_place(data):
    struct.pack_into("<L", data, central(data) + 42, 0x7FFFFFFF)


def point_at_another(data):
    struct.pack_into("<L", data, central(data) + 42, 0)


def lie_of_checksum(data):
    struct.pack_into("<L", data, central(data) + 16, 0)


def lie_of_method(data):
    struct.pack_into("<H", data, central(data) + 10, 99)


def lie_of_version(data):
    struct.pack_into("<H", data, central(data) + 6, 9999)


def lie_of_name_length(data):
    struct.pack_into("<H", data, central(data) + 28, 0xFFFF)


def lie_of_extra_length(data):
    struct.pack_into("<H", data, central(data) + 30, 0xFFFF)


def lie_of_entries(data):
    struct.pack_into("<HH", data, len(data) - 14, 0xFFFF, 0xFFFF)


def lie_of_directory(data):
    struct.pack_into("<L", data, len(data) - 6, 0x7FFFFFFF)


def lie_of_disk(data):
    struct.pack_into("<HH", data, len(data) - 18, 5, 5)


def spoil_the_list(data):
    data[central(data) : central(data) + 4] = b"XXXX"


def spoil_the_member(data):
    place = data.index(b"y_test.npy") - 30
    data[place : place + 4] = b"XXXX"


def make_it_a_link(data):
    struct.pack_into("<L", data, central(data) + 38, 0o120777 << 16)


def with_extra(extra: bytes):
    def make(published) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as written:
            for name, array in published.items():
                plain = io.BytesIO()
                np.save(plain, array)
                info = zipfile.ZipInfo(f"{name}.npy")
                info.extra = extra if name == "y_test" else b""
                written.writestr(info, plain.getvalue())
        return packed.getvalue()

    return make


def twice(published) -> bytes:
    """Two members of one name: the second counts, and isn't what was published."""
    packed = io.BytesIO(archive(published))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(packed, "a") as written:
            written.writestr("y_test.npy", npy(PLAIN, b"\xff" * 20))
    return packed.getvalue()


def bomb(published) -> bytes:
    return archive(published, y_test=npy(PLAIN, bytes(50 << 20)))


def many_members(published) -> bytes:
    packed = io.BytesIO(archive(published))
    with zipfile.ZipFile(packed, "a") as written:
        for number in range(3000):
            written.writestr(f"{number}.npy", b"")
    return packed.getvalue()


CHANGES = (
    encrypt,
    lie_of_size,
    lie_of_packed_size,
    ask_for_zip64,
    lie_of_place,
    point_at_another,
    lie_of_checksum,
)
CHANGES += (
    lie_of_method,
    lie_of_version,
    lie_of_name_length,
    lie_of_extra_length,
    lie_of_entries,
    lie_of_directory,
)
CHANGES += (lie_of_disk, spoil_the_list, spoil_the_member)
ARCHIVES = {
    change.__name__: lambda published, change=change: changed(published, change)
    for change in CHANGES
}
ARCHIVES |= {make.__name__: make for make in (twice, bomb, many_members)}
ARCHIVES |= {
    name: lambda published, data=data: archive(published, y_test=data)
    for name, data in MEMBERS.items()
}
ARCHIVES |= {
    "no archive": lambda published: b"no archive",
    "an empty archive": lambda published: b"PK\5\6" + bytes(18),
    "half an extra field": with_extra(b"\x01\x00\x08"),
    "zip64 in an extra field": lambda published: changed_extra(published),
    "ends of archives": lambda published: archive(published) + (b"PK\5\6" + bytes(18)) * 1000,
    "a gzip file": lambda published: gzip.compress(archive(published)),
    "noughts": lambda published: bytes(100_000),
    "a tar": lambda published: b"mnist.npz".ljust(257, b"\0") + b"ustar" + bytes(10_000),
}
# What says something untrue that nobody needs to know: the arrays may come nevertheless, and
# Pythons differ
HARMLESS = (
    "half an extra field",
    "zip64 in an extra field",
    "ask_for_zip64",
    "lie_of_size",
    "lie_of_packed_size",
)
HARMLESS += (
    "lie_of_name_length",
    "lie_of_extra_length",
    "lie_of_entries",
    "lie_of_disk",
    "lie_of_version",
)


def changed_extra(published) -> bytes:
    data = bytearray(with_extra(struct.pack("<HHQ", 1, 8, 1 << 60))(published))
    struct.pack_into("<L", data, central(data) + 24, 0xFFFFFFFF)
    return bytes(data)


@pytest.fixture
def in_bounds():
    """A test that unpacks a bomb, or takes long, fails."""
    tracemalloc.start()
    began = time.monotonic()
    yield
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("kind", ARCHIVES)
def test_a_trick_in_the_named_folder_is_refused_by_its_path(kind, home, published, monkeypatch):
    (home / "mnist.npz").write_bytes(ARCHIVES[kind](published))
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    try:
        assert published.same(load_mnist()) and kind in HARMLESS
    except WrongDatasetError as error:
        assert error.path == home / "mnist.npz"
        assert "Replace it by another copy" in str(error) and len(str(error)) < 2000


@pytest.mark.parametrize("cache", ["keras_cache", "own_cache"])
@pytest.mark.parametrize("kind", ARCHIVES)
def test_a_trick_in_a_cache_is_passed_over(kind, cache, request, published, server, npz, recwarn):
    folder = request.getfixturevalue(cache)
    folder.mkdir(parents=True)
    (folder / "mnist.npz").write_bytes(ARCHIVES[kind](published))
    server.answers[FIRST] = server.whole(npz)
    assert published.same(load_mnist())
    passed = [one for one in recwarn if "passed over" in str(one.message)]
    assert len(passed) == 1 or kind in HARMLESS


@pytest.mark.parametrize("kind", ARCHIVES)
def test_a_trick_from_a_mirror_is_not_kept(kind, published, server, left):
    server.answers[FIRST] = server.whole(ARCHIVES[kind](published))
    try:
        assert published.same(load_mnist()) and kind in HARMLESS
    except DatasetNotFoundError:
        assert left() == []


def test_a_member_that_calls_itself_a_link_is_read_as_a_file(home, published, monkeypatch):
    (home / "mnist.npz").write_bytes(changed(published, make_it_a_link))
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert published.same(load_mnist())


def test_arrays_in_the_order_of_fortran_are_the_same_arrays(home, published, monkeypatch):
    turned = {name: np.asfortranarray(array) for name, array in published.items()}
    (home / "mnist.npz").write_bytes(published.npz(**turned))
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert published.same(load_mnist())


# Files of gzip

MEMBER = gzip.compress(b"", mtime=0)
GZIPS = {
    "many empty members": lambda good: MEMBER * 50_000 + good,
    "only empty members": lambda good: MEMBER * 50_000,
    "a name that never ends": lambda good: b"\x1f\x8b\x08\x08" + bytes(6) + b"x" * 1_000_000,
    "a remark that never ends": lambda good: b"\x1f\x8b\x08\x10" + bytes(6) + b"x" * 1_000_000,
    "an extra field cut short": lambda good: (
        b"\x1f\x8b\x08\x04" + bytes(6) + b"\xff\xff" + b"x" * 100
    ),
    "all flags": lambda good: b"\x1f\x8b\x08\xff" + bytes(6) + b"\x05\x00" + bytes(100),
    "another method": lambda good: b"\x1f\x8b\x07\x00" + good[4:],
    "only a magic": lambda good: b"\x1f\x8b",
    "half a header": lambda good: good[:7],
    "no end": lambda good: good[:-8],
    "half an end": lambda good: good[:-3],
    "another checksum": lambda good: good[:-8] + bytes(4) + good[-4:],
    "another size": lambda good: good[:-4] + b"\xff" * 4,
    "empty blocks": lambda good: b"\x1f\x8b\x08" + bytes(7) + b"\x00\x00\x00\xff\xff" * 200_000,
    "zlib": lambda good: zlib.compress(gzip.decompress(good)),
    "packed twice": lambda good: gzip.compress(good),
    "nothing": lambda good: b"",
    "random": lambda good: b"\x1f\x8b\x08" + bytes(7) + np.random.default_rng(0).bytes(10_000),
}


@pytest.mark.parametrize("kind", GZIPS)
def test_a_trick_in_one_of_the_four_files_is_refused(kind, home, published, monkeypatch, in_bounds):
    path = published.save_idx(home / "mnist") / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(GZIPS[kind](path.read_bytes()))
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    try:
        assert published.same(load_mnist()) and kind == "many empty members"
    except WrongDatasetError as error:
        assert error.path == path
