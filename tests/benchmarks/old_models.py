"""Write the old files of the page on saving with the TensorFlow that wrote such files.

Run by hand where one of them is to be made anew, in an environment of its own (Python 3.11 at
most):

    python -m venv /tmp/old && /tmp/old/bin/pip install tensorflow-cpu==2.15.1
    /tmp/old/bin/python tests/benchmarks/old_models.py

It takes some minutes, most of them for the SavedModel of the recurrent model.
"""

import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

TARGET = Path(__file__).parents[2] / "tf2docs" / "migrate" / "old_models.zip"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the day that every file has, so that the zip tells no time


class Double(layers.Layer):
    """A layer of one's own."""

    def call(self, values):
        return values * 2


class Net(keras.Model):
    """A model written as a class."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(3, activation="relu")
        self.last = layers.Dense(2)

    def call(self, values):
        return self.last(self.hidden(values))


def dense():
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, activation="relu"), layers.Dense(2)]
    )


def functional():
    entry = keras.Input((4,))
    hidden = layers.Dense(3, activation="relu")(entry)
    return keras.Model(entry, layers.Dense(2)(layers.Concatenate()([entry, hidden])))


def recurrent():
    lstm = layers.LSTM(3, return_sequences=True)
    return keras.Sequential([keras.Input((5, 4)), lstm, layers.GRU(3), layers.Dense(2)])


def normalized():
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3),
            layers.BatchNormalization(),
            layers.DepthwiseConv2D(3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2),
        ]
    )


def with_lambda():
    twice = layers.Lambda(lambda values: values * 2)
    return keras.Sequential([keras.Input((4,)), twice, layers.Dense(2)])


def custom():
    return keras.Sequential([keras.Input((4,)), Double(), layers.Dense(2)])


def subclassed():
    net = Net()
    net(np.zeros((1, 4), "float32"))
    return net


KINDS = {
    "dense": (dense, (4,)),
    "functional": (functional, (4,)),
    "recurrent": (recurrent, (5, 4)),
    "normalized": (normalized, (8, 8, 3)),
    "lambda": (with_lambda, (4,)),
    "custom": (custom, (4,)),
    "subclassed": (subclassed, (4,)),
}


def write(folder: Path, make, shape: tuple[int, ...]) -> None:
    """Write one model in all its forms, what goes in and what comes out."""
    keras.utils.set_random_seed(0)
    model = make()
    model.compile("sgd", "mse", metrics=["mae"])
    inputs = np.linspace(0, 1, num=2 * int(np.prod(shape)), dtype="float32").reshape(2, *shape)
    model.fit(inputs, np.ones((2, 2)), verbose=0)  # as files of trained models are
    folder.mkdir()
    np.save(folder / "inputs.npy", inputs)
    np.save(folder / "expected.npy", model.predict(inputs, verbose=0))
    model.save(folder / "model.keras")
    if make is not subclassed:  # the old format refuses it
        model.save(folder / "model.h5")
    model.save_weights(folder / "weights.h5")
    model.save_weights(folder / "model.weights.h5")
    model.save_weights(folder / "checkpoint")
    model.save(folder / "saved_model")
    (folder / "model.json").write_text(model.to_json())


def main() -> None:
    """Write all models and pack them, each file with the same day."""
    with tempfile.TemporaryDirectory() as name:
        for kind, (make, shape) in KINDS.items():
            write(Path(name, kind), make, shape)
            print(kind, file=sys.stderr)
        with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
            for path in sorted(Path(name).rglob("*")):
                if path.is_file():
                    entry = zipfile.ZipInfo(path.relative_to(name).as_posix(), LONG_AGO)
                    target.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
