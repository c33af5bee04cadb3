"""Wait, but not for ever."""

import time

__all__ = ["Deadline", "SilentError"]


class SilentError(TimeoutError):
    """A host doesn't answer, or hardly, so there is no use in asking it for another file."""


class Deadline:
    """So many seconds from now, or from the last time that it was put off.

    Whoever waits asks how long it may still wait. A clock that is set meanwhile changes nothing.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.put_off()

    def put_off(self) -> None:
        """Begin to count anew."""
        self._until = time.monotonic() + self.seconds

    def remaining(self) -> float:
        """How many seconds are left.

        Raises:
            SilentError: None are.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise SilentError(f"no answer in {self.seconds:g} seconds")
        return left
