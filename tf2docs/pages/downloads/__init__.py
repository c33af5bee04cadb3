"""Make what readers of a lesson take along: a notebook, a script, the package as a wheel."""
