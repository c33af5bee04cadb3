"""Find what is wrong with a page though nothing is run.

It fails pytest, most of it the strict build as well.
"""
