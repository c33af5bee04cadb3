"""The old files are what they say.

Saved by an old TensorFlow, and the page's table is what loading them gave.
"""

import json
import re
import zipfile
from pathlib import Path

import h5py
import pytest
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

from tf2docs.migrate.old_models import unpack_old_models
from tf2docs.pages.reading.page import read_page

DOCS = Path(__file__).parents[1] / "docs"
KINDS = ["dense", "functional", "recurrent", "normalized", "lambda", "custom", "subclassed"]
KERAS, TENSORFLOW = "2.15.0", "2.15.1"
SHOWN = {"yes": {"yes", "能"}, "FileNotFoundError": {"–"}}
WAYS = {  # file and way, as the table has them, and what the block calls it
    ("model.h5", "load_model"): "load_model h5",
    ("model.h5", "load_model(…, compile=False)"): "load_model h5 compile=False",
    ("model.h5", "load_model(…, custom_objects=…)"): "load_model h5 custom_objects",
    ("model.keras", "load_model"): "load_model keras",
    ("model.keras", "load_model(…, compile=False)"): "load_model keras compile=False",
    ("model.keras", "load_model(…, custom_objects=…)"): "load_model keras custom_objects",
    ("model.h5", "load_weights"): "load_weights model.h5",
    ("model.keras", "load_weights"): "load_weights model.keras",
    ("weights.h5", "load_weights"): "load_weights weights.h5",
    ("model.weights.h5", "load_weights"): "load_weights model.weights.h5",
    ("checkpoint", "load_weights"): "load_weights checkpoint",
    ("model.json", "model_from_json"): "model_from_json",
    ("saved_model", "TFSMLayer"): "TFSMLayer",
}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_old_models(tmp_path_factory.mktemp("old"))


def versions_in(folder: Path) -> dict[str, str]:
    """The version that each file of a model says has made it."""
    found = {"model.json": json.loads((folder / "model.json").read_text())["keras_version"]}
    with zipfile.ZipFile(folder / "model.keras") as packed:
        found["model.keras"] = json.loads(packed.read("metadata.json"))["keras_version"]
    for name in ("model.h5", "weights.h5"):
        if (folder / name).exists():
            with h5py.File(folder / name) as file:
                found[name] = str(file.attrs["keras_version"])
    graph = SavedModel.FromString((folder / "saved_model" / "saved_model.pb").read_bytes())
    found["saved_model"] = graph.meta_graphs[0].meta_info_def.tensorflow_version
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_each_file_says_that_an_old_version_made_it(old, kind):
    found = versions_in(old / kind)
    assert found.pop("saved_model") == TENSORFLOW
    assert set(found.values()) == {KERAS}
    assert {"model.json", "model.keras", "weights.h5"} <= set(found)


def test_all_files_together_are_small(old):
    assert sum(path.stat().st_size for path in old.rglob("*") if path.is_file()) < 6_000_000
    packed = Path(unpack_old_models.__code__.co_filename).with_name("old_models.zip")
    assert packed.stat().st_size < 500_000


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_of_old_files_says_what_loading_them_gave(language):
    page = read_page(DOCS / language / "changes" / "saving.md", "saving.md")
    fates = {}
    for block in page.blocks:
        if "ways = {" in block.fence.text:
            for line in block.output.text.strip().splitlines():
                name, _, cells = line.partition(" | ")
                fates[name.strip()] = cells.split()
    section = page.text.partition("{ #old-files }")[2]
    rows = re.findall(r"^\| `([\w.]+)` \| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)
    assert {(file, way) for file, way, _ in rows} == set(WAYS)
    for file, way, cells in rows:
        expected = fates[WAYS[file, way]]
        assert len(expected) == len(KINDS)
        for cell, fate in zip(cells.split(" | "), expected, strict=True):
            assert cell in SHOWN.get(fate, {f"`{fate}`"}), f"{file}, {way}: {cell}, not {fate}"
