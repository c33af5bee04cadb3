"""Models that an old TensorFlow saved, to try how today's loads them."""

import zipfile
from pathlib import Path

__all__ = ["unpack_old_models"]

_PACKED = Path(__file__).with_name("old_models.zip")


def unpack_old_models(folder: str | Path) -> Path:
    """Unpack models that TensorFlow 2.15.1 saved, one folder a kind of model.

    In each lie `model.h5`, `model.keras`, `weights.h5`, `model.weights.h5`, a checkpoint, a
    SavedModel and `model.json` of the same model, and `inputs.npy` with the outputs that it had for
    them, `expected.npy`. `tests/benchmarks/old_models.py` wrote them.

    Args:
        folder: Where to put them; it is made if it isn't there.

    Returns:
        The folder.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     old = unpack_old_models(folder)
        ...     print(*sorted(path.name for path in old.iterdir()))
        custom dense functional lambda normalized recurrent subclassed
    """
    with zipfile.ZipFile(_PACKED) as packed:
        packed.extractall(folder)
    return Path(folder)
