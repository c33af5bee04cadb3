"""The command finds in old code what the table knows, says where, and rewrites what is safe."""

import functools
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tf2docs.migrate.__main__ import main
from tf2docs.migrate.finding import find
from tf2docs.migrate.moving import names_today
from tf2docs.migrate.patterns import read_pattern
from tf2docs.migrate.sources import read_source
from tf2docs.migrate.table import load_rows

HERE = Path(__file__).parent
EXPECTED = re.compile(r"  # -> (.*)$")
ON_USE = {  # these exist, and raise or mislead only when they are used
    "keras.optimizers.legacy",
    "keras.Model.add_loss",
    "tensorflow.keras.optimizers.legacy",
    "tensorflow.keras.Model.add_loss",
    "tensorflow.python.keras",
    "tensorflow.python.distribute",
    "tensorflow.gradients",
    "tensorflow.compat.v1.layers",
}


def snippets():
    """Old code of many kinds, written anew, each line with the rows that are about it."""
    for snippet in (HERE / "snippets.txt").read_text(encoding="utf-8").split("%%% ")[1:]:
        title, _, code = snippet.partition("\n")
        yield title, code


def found_in(folder, code, name="old.py"):
    path = folder / name
    path.write_text(code, encoding="utf-8")
    return find(read_source(path))


def test_every_value_that_a_pattern_asks_for_is_of_a_kind_that_is_known():
    known = {"int", "str", "list", "several", "ends", "not", "has", "trained"}
    known |= {"tensor", "training"}
    texts = [text for row in load_rows() for text in (*row.finds, *row.fixes)]
    values = {read_pattern(text).value for text in texts}
    assert {value[1:-1].split(" ")[0] for value in values if value.startswith("<")} <= known


UNKNOWABLE = {'m = load_model("a.h5")'}  # whoever saved it, did they train by "mse"?


def test_old_code_of_many_kinds_is_found_and_nothing_else(tmp_path):
    expected, wrong = 0, set()
    for _, code in snippets():
        findings = found_in(tmp_path, EXPECTED.sub("", code))
        for number, line in enumerate(code.split("\n"), start=1):
            marked = EXPECTED.search(line)
            wanted = Counter(marked[1].split(", ") if marked else ())
            given = Counter(each.row.id for each in findings if each.line == number)
            expected += wanted.total()
            if wanted != given:
                wrong.add(EXPECTED.sub("", line).strip())
    assert expected >= 160
    assert wrong == UNKNOWABLE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Adam(lr=0.1)", "Adam(learning_rate=0.1)"),
        ("L.LeakyReLU(alpha=0.1)", "L.LeakyReLU(negative_slope=0.1)"),
        ("model.fit_generator(g)", "model.fit(g)"),
        ("数 = tf.log(tf.log(x))", "数 = tf.math.log(tf.math.log(x))"),
        ("tf.set_random_seed(1)", "tf.random.set_seed(1)"),
        ("x = np.Inf, np.NaN", "x = np.inf, np.nan"),
        ("tf.truncated_normal([2])", "tf.random.truncated_normal([2])"),
        ("tf.placeholder(tf.float32)", "tf.placeholder(tf.float32)"),
        ("s = 'tf.log'", "s = 'tf.log'"),
        ("from keras.layers.core import Dense, Dropout", "from keras.layers import Dense, Dropout"),
        ("from keras.layers.core import Dense, Gone", "from keras.layers.core import Dense, Gone"),
        ("from keras.layers import merge", "from keras.layers import merge"),
        ("from keras.utils import np_utils", "from keras import utils as np_utils"),
        (
            "from tensorflow.keras.layers.experimental import preprocessing as p",
            "from tensorflow.keras import layers as p",
        ),
        ("L.experimental.preprocessing.Rescaling(2.0)", "L.Rescaling(2.0)"),
        (
            "class A(tf.keras.utils.Sequence):\n    def __init__(self):\n        self.n = 1",
            "class A(tf.keras.utils.Sequence):\n    def __init__(self):\n"
            "        super().__init__()\n        self.n = 1",
        ),
    ],
)
def test_what_is_safe_is_rewritten_and_nothing_else(tmp_path, capsys, old, new):
    head = (
        "import numpy as np, tensorflow as tf\n"
        "from keras import layers as L\n"
        "from keras.optimizers import Adam\n"
    )
    path = tmp_path / "old.py"
    path.write_bytes(f"{head}{old}\n".replace("\n", "\r\n").encode("utf-8-sig"))
    main([str(path), "--fix", "--yes"])
    assert path.read_bytes() == f"{head}{new}\n".replace("\n", "\r\n").encode("utf-8-sig")
    told = capsys.readouterr().out
    assert ("+++" in told) == (old != new)
    taken = [line[1:] for line in told.splitlines() if line.startswith("-")]
    assert not {line for line in taken if line.strip()} & set(new.splitlines())
    assert not any(each.instead for each in find(read_source(path)))


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("model.save('folder')", "save-folder"),
        ("net = keras.Sequential()\nnet.save('folder')", "save-folder"),
        ("model.save('a.h5')", "save-h5"),
        ("model.save_weights(f'{n}.ckpt')", "save-weights"),
        ("model.load_weights('cp/' + '1.ckpt')", "load-checkpoint"),
        ("keras.models.load_model('folder')", "load-saved-model"),
        ("keras.callbacks.ModelCheckpoint('w.hdf5')", "checkpoint-path"),
        ("x.get_shape()[1] + y.shape[1].value", "get-shape"),
        ("keras.layers.Dense(3, name='a/b')", "name-slash"),
        ("tf.summary.merge_all()", "file-writer"),
        ("print 'a', tf.log(x)  # a comment", "renamed-math"),
        ("model.save('a.keras')", ""),
        ("image.save('folder')", ""),
        ("model.save(path)", ""),
        ("model.save_weights(path + '.weights.h5')", ""),
        ("keras.layers.Dense(3, name='a')", ""),
    ],
)
def test_what_stands_in_a_call_decides(tmp_path, code, row):
    found = found_in(tmp_path, f"import keras\nimport tensorflow as tf\n{code}\n")
    assert {each.row.id for each in found} == ({row} if row else set())


def test_a_name_has_one_row():
    seen = Counter(
        text for row in load_rows() if not row.is_rest for text in {*row.finds, *row.fixes}
    )
    assert [text for text, count in seen.items() if count > 1] == []


def accepting(pattern):
    """The classes that have an argument of their own by the name that a pattern finds."""
    _, module, _ = pattern.base.split(".")
    for name, each in vars(importlib.import_module(f"keras.{module}")).items():
        if isinstance(each, type) and pattern.argument in inspect.signature(each).parameters:
            yield f"keras.{module}.{name}({pattern.argument}=)"


def test_an_argument_that_some_layers_lost_is_not_reported_of_those_that_have_it():
    works = {name for row in load_rows() for name in row.works}
    patterns = [read_pattern(text) for row in load_rows() for text in (*row.finds, *row.fixes)]
    any_of = [each for each in patterns if re.fullmatch(r"keras\.\w+\.\*", each.base)]
    assert len(any_of) > 20
    by_name = [each for each in any_of if each.argument and not each.value]
    assert {name for each in by_name for name in accepting(each)} <= works


def test_names_that_are_there_today_exist():
    for module, names in names_today().items():
        package, *path = re.sub(r"^tf\b", "tensorflow", module).split(".")
        found = functools.reduce(getattr, path, importlib.import_module(package))
        assert [name for name in names if not hasattr(found, name)] == []


def test_nothing_is_written_unless_it_is_asked_for(tmp_path, monkeypatch, capsys):
    path = tmp_path / "old.py"
    path.write_text("import tensorflow as tf\ntf.log(1.0)\n")
    before = path.read_text()
    assert main([str(path)]) == 1
    monkeypatch.setattr("builtins.input", lambda question: "n")
    main([str(path), "--fix"])
    assert path.read_text() == before
    assert "+tf.math.log(1.0)" in capsys.readouterr().out


def test_a_finding_is_a_line_as_linters_write_it(tmp_path, capsys):
    path = tmp_path / "old.py"
    path.write_text("from keras.optimizers import Adam\nAdam(lr=0.1)\n")
    assert main([str(path)]) == 1
    told = capsys.readouterr().out
    assert told.startswith(f"{path}:2:6: lr-argument lr raises ValueError today; write: learning")


def test_a_notebook_is_read_cell_by_cell_and_rewritten(tmp_path, capsys):
    cells = [
        {"cell_type": "markdown", "source": ["tf.log"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip install keras\n"]},
        {"cell_type": "code", "source": ["import tensorflow as tf\n", "x = tf.log(1.0)"]},
        {"cell_type": "code", "source": "%%bash\ntf.log"},
        {"cell_type": "code", "source": "%%time\ntf.log(2.0)"},
    ]
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    assert main([str(path), "--fix", "--yes"]) == 1
    assert f"{path}:cell 3:2:5: renamed-math tf.log" in capsys.readouterr().out
    after = json.loads(path.read_text())["cells"]
    assert after[2]["source"] == ["import tensorflow as tf\n", "x = tf.math.log(1.0)"]
    assert after[4]["source"] == "%%time\ntf.math.log(2.0)"
    assert [after[0], after[1], after[3]] == [cells[0], cells[1], cells[3]]


@pytest.mark.parametrize(
    "code",
    [
        'print "a"\ntf.log(x)\n',
        "try:\n    pass\nexcept E, e:\n    pass\ntf.log(x)\n",
        "exec 'a'\nif True:\n\tx = 1\n        y = 2\ntf.log(x)\n",
        "x = 0777\ntf.log(x)\n",
        "raise E, 'a'\ntf.log(x)\n",
        "def f(a, (b, c)):\n    pass\ntf.log(x)\n",
    ],
)
def test_python_2_is_read_where_it_can_be_and_told(tmp_path, capsys, code):
    path = tmp_path / "old.py"
    path.write_text(f"import tensorflow as tf\n{code}")
    assert main([str(path)]) == 1
    told = capsys.readouterr().out
    assert ": syntax not Python 3" in told
    assert "renamed-math tf.log" in told


def test_what_can_t_be_read_is_told(tmp_path, capsys):
    assert main([str(tmp_path / "none.py")]) == 2
    (tmp_path / "a.py").write_bytes(b"\xff\xfe\x00")
    assert main([str(tmp_path / "a.py")]) == 2
    (tmp_path / "b.ipynb").write_text("{")
    assert main([str(tmp_path / "b.ipynb")]) == 2
    assert capsys.readouterr().err.count("error: ") == 3


def test_a_folder_is_searched_and_code_without_anything_old_is_fine(tmp_path, capsys):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "new.py").write_text("import tensorflow as tf\ntf.math.log(1.0)\n")
    assert main([str(tmp_path)]) == 0
    (tmp_path / "a" / "old.py").write_text("import tensorflow as tf\ntf.log(1.0)\n")
    assert main([str(tmp_path)]) == 1
    assert "old.py:2:1" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_message_is_answered(capsys, language):
    asked = ["--language", language, "--message"]
    assert main([*asked, "AttributeError: 'Adam' object has no attribute 'lr'"]) == 1
    assert "optimizer.learning_rate" in capsys.readouterr().out
    assert main([*asked, "NameError: name 'x' is not defined"]) == 0
    assert {"en": "doesn't have this", "zh": "表里没有"}[language] in capsys.readouterr().out


def exists(path):
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            continue
        try:
            for part in parts[end:]:
                found = getattr(found, part)
        except AttributeError:
            return False
        return True
    return False


PACKAGES = {"tf": ["tensorflow"], "keras": ["keras", "tensorflow.keras"], "np": ["numpy"]}


def names_of(row):
    """The names that a row says are gone, as they are in their packages."""
    for text in (*row.finds, *row.fixes):
        pattern = read_pattern(text)
        plain = not (pattern.argument or pattern.key or pattern.called or pattern.assigned)
        root, _, rest = pattern.base.partition(".")
        if plain and root in PACKAGES and not rest.endswith("*"):
            yield from (f"{package}.{rest}" for package in PACKAGES[root])


def test_names_that_the_table_calls_gone_are_gone():
    gone = {name for row in load_rows() if row.raises for name in names_of(row)}
    works = [name for row in load_rows() for name in row.works if "(" not in name]
    working = {re.sub("^tf", "tensorflow", name) for name in works}
    assert len(gone) > 500
    assert {name for name in gone - working - ON_USE if exists(name)} == set()
    assert {name for name in working if not exists(name)} == set()


def test_names_that_take_the_place_of_old_ones_exist():
    for row in load_rows():
        for old, new in row.fixes.items():
            if "(" not in old and not old.startswith("."):
                package = PACKAGES[new.split(".")[0]][0]
                assert exists(f"{package}.{new.partition('.')[2]}"), f"{old} = {new}"


def test_the_command_runs_without_tensorflow():
    code = "import sys, tf2docs.migrate.__main__; print({'tensorflow', 'keras'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_reader_that_has_seen_enough_ends_the_command_without_a_word(tmp_path):
    """As `| head` does."""
    (tmp_path / "old.py").write_text("import tensorflow as tf\ntf.log(1.0)\n")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "tf2docs.migrate", str(tmp_path / "old.py")]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
