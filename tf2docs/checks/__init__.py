"""Find out why a model doesn't learn: the cheap checks, on your own model and data."""

from tf2docs.checks.checkup import health
from tf2docs.checks.findings import Finding, Findings

__all__ = ["Finding", "Findings", "health"]
