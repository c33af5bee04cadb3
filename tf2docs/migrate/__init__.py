"""Find in old code, or in the message that it gives, what changed since TensorFlow 2.0.

And what to write now.
"""

from tf2docs.migrate.table import Group, Row, load_groups, load_rows

__all__ = ["Group", "Row", "load_groups", "load_rows"]
