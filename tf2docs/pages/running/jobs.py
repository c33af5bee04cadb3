"""What is asked of the process that runs a page, and what it answers."""

import base64
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Step:
    """One block as the child needs it: its code, the line above it, and what is asked of it."""

    code: str
    line: int
    raises: str | None = None
    skip_reason: str | None = None
    needs_gpu: bool = False
    joins_errors: bool = False
    keeps: str | None = None
    expressions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A page to run.

    Attributes:
        name: The page's name.
        steps: Its blocks, in order.
        tangled: The page's code as a file, with the page's line numbers.
        folder: A folder for all of this run: what it prints, and the page's working folder and
            home, `home`.
        environment: Environment variables to set.
        real_data: Whether a stand-in for a data set is an error.
        versions: Modules whose versions to report, where the page has them.
        device: `cpu` or `gpu` to insist on one; empty for what is there.
        symbols: Dotted names of modules and what they hold, to find out whether they exist.
        gpu: Python that is true where there is a GPU.
        working_files: Files to copy into the working folder, by the names that they have there.
        walled: Whether to put the page behind walls, where the kernel has some.
        read_only: Folders that the page may not write into: home, package and docs.
    """

    name: str
    steps: tuple[Step, ...]
    tangled: Path
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    real_data: bool = False
    versions: tuple[str, ...] = ()
    device: str = ""
    symbols: tuple[str, ...] = ()
    gpu: str = ""
    working_files: dict[str, Path] = field(default_factory=dict)
    walled: bool = True
    read_only: tuple[str, ...] = ()


_PARTS_OF_INPUTS = ("modules", "sources", "files", "looked_for")


@dataclass(frozen=True)
class Inputs:
    """What a page's processes asked for beside the page's own code.

    Attributes:
        modules: The modules that they imported, or tried to.
        sources: The files of those that are no library's.
        files: What else they opened or listed.
        looked_for: What they only asked after, such as whether it is there.
        unknown: What they did that nobody can follow, such as starting another program.
    """

    modules: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    looked_for: tuple[str, ...] = ()
    unknown: str = ""

    def __or__(self, other: "Inputs") -> "Inputs":
        """What either asked for."""
        both = {
            name: tuple(sorted({*getattr(self, name), *getattr(other, name)}))
            for name in _PARTS_OF_INPUTS
        }
        return Inputs(**both, unknown=", ".join(filter(None, (self.unknown, other.unknown))))

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> "Inputs":
        """The inputs that a message tells of."""
        parts = {name: tuple(map(str, message[name])) for name in _PARTS_OF_INPUTS}
        return cls(**parts, unknown=str(message["unknown"]))


def broken_file(job: Job) -> Path:
    """Where a page's process says why it can't go on, if it can't answer either."""
    return job.folder / "broken"


@dataclass(frozen=True)
class Frame:
    """A place on the way to an error.

    A file and its line, or a block (by index) and the line in it.
    """

    line: int
    code: str
    file: str = ""
    block: int | None = None


@dataclass
class Outcome:
    """What became of a block.

    Attributes:
        status: `ran`, `failed`, `skipped` or `not run`.
        reason: Why it failed or wasn't run, the exception's name and message for a failure.
        trace: The way to where it failed, innermost last.
        printed: What it wrote to standard output, and the exception it was meant to raise.
        errors: What it wrote to standard error.
        seconds: How long it took.
        figures: The SVG and the digest of each figure that it left open.
        file: What is in the file that it was to leave.
        values: What the expressions bound behind it are, by expression.
        mistakes: Why an expression has no value, by expression.
    """

    status: str
    reason: str = ""
    trace: list[Frame] = field(default_factory=list)
    printed: str = ""
    errors: str = ""
    seconds: float = 0.0
    figures: list[tuple[str, list[str]]] = field(default_factory=list)
    file: bytes | None = None
    values: dict[str, Any] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)

    def as_message(self) -> dict[str, Any]:
        """The outcome in what JSON knows."""
        return asdict(self) | {"file": self.file and base64.b64encode(self.file).decode()}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> "Outcome":
        """The outcome that a message tells of.

        Raises:
            TypeError, KeyError: it tells of none.
        """
        outcome = cls(**message)
        words = (outcome.status, outcome.reason, outcome.printed, outcome.errors)
        if not all(isinstance(word, str) for word in words):
            raise TypeError("an outcome is told in words")
        outcome.trace = [Frame(**frame) for frame in message["trace"]]
        outcome.figures = [(svg, shows) for svg, shows in message["figures"]]
        outcome.file = message["file"] and base64.b64decode(message["file"])
        return outcome
