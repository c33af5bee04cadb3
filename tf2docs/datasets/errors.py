"""What can be wrong with a data set, as errors and warnings that name themselves."""

from pathlib import Path

__all__ = ["DatasetNotFoundError", "StandInWarning", "WrongDatasetError"]


class DatasetNotFoundError(FileNotFoundError):
    """The data set is in none of the places looked at.

    The message lists them and the ways out.
    """


class WrongDatasetError(ValueError):
    """A file has the data set's name but holds something else, and the message says what."""

    path: Path | None = None
    """The file, or `None` if it isn't on this machine."""


class StandInWarning(UserWarning):
    """The arrays come from a small stand-in for the data set.

    Accuracies are not the data set's.
    """
