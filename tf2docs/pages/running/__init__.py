"""Run the code of a page in a process of its own, and tell what came of it."""
