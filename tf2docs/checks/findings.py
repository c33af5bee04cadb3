"""What a check found, in a form that programs can ask and people can read."""

import dataclasses
import textwrap

__all__ = ["Finding", "Findings", "named"]


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or looks wrong, with a model, its loss or its data.

    Args:
        name: What it is, such as `"softmax-twice"`; the same words every time.
        severity: `"error"` for what keeps a model from learning, `"warning"` for what may.
        came: What was seen.
        expected: What a sound model or sound data would show.
        advice: What to do.

    Examples:
        >>> finding = Finding("nan-inputs", "error", "3 of 80 are NaN", "none", "Drop them.")
        >>> print(finding)
        error: nan-inputs
          came      3 of 80 are NaN
          expected  none
          do        Drop them.
    """

    name: str
    severity: str
    came: str
    expected: str
    advice: str

    def __str__(self) -> str:
        parts = {"came": self.came, "expected": self.expected, "do": self.advice}
        lines = [_wrapped(f"  {title:9} ", text) for title, text in parts.items()]
        return "\n".join([f"{self.severity}: {self.name}", *lines])


class Findings(list[Finding]):
    """A list of findings that prints one below the other, the errors first.

    Examples:
        >>> print(Findings())
        nothing found
        >>> findings = Findings([Finding("frozen", "warning", "2 layers", "none", "Unfreeze.")])
        >>> findings.names
        ['frozen']
        >>> "frozen" in findings.names
        True
    """

    @property
    def names(self) -> list[str]:
        """The names of the findings, in order."""
        return [finding.name for finding in self]

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "nothing found"


def _wrapped(title: str, text: str) -> str:
    blanks = " " * len(title)
    return textwrap.fill(
        text, 72, initial_indent=title, subsequent_indent=blanks, break_on_hyphens=False
    )


def named(names: list[str]) -> str:
    """Name up to three, and say how many more there are."""
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
