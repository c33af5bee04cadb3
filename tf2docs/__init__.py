"""TensorFlow tutorials whose every code block, output, figure and number is tested.

Two halves that don't know each other: [`tf2docs.datasets`][], [`tf2docs.models`][] and their like
are what the pages teach, and `tf2docs.pages` reads, runs, checks and shows the pages.
"""
