"""The options that each kind of fence may have: one table for the site and for the tests.

An option stands in braces after the fence's language:

    ```python {#train title="Train the model" data-rtol="0.1"}
"""

# A class is written with its dot, an id as `#`, everything else by the name before its `=`.
FENCE_OPTIONS: dict[str, frozenset[str]] = {
    "python": frozenset(
        {
            "#",
            "title",
            "hl_lines",
            "linenums",
            "data-raises",  # the exception that the block must end with
            "data-rtol",  # how far a decimal in the output below may lie off, relative
            "data-atol",  # the same, absolute
            ".gpu",  # needs a GPU
            ".varies",  # what it prints or draws differs from machine to machine, its numbers don't count
            ".stderr",  # what it writes to standard error belongs to its output
            ".norun",  # isn't run, and says why:
            "data-reason",
        }
    ),
    "output": frozenset({"data-rtol", "data-atol"}),
    "source": frozenset({"title"}),
    "versions": frozenset(),  # the table of versions that the pages ran on
    "lessons": frozenset(),  # the learning path
    "comparison": frozenset(),  # what this harness catches, beside others
}

RECORD_FENCES = frozenset({"versions", "comparison"})
"""Fences that hold the name of a record and show what is in it."""

# Fences that are shown and nothing else; any other name is taken for a slip, such as `pyton`.
SHOWN_LANGUAGES = frozenset(
    {"bash", "console", "csv", "html", "ini", "json", "markdown", "mermaid", "text", "toml", "yaml"}
)
