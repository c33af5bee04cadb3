"""Find what is wrong with a page though nothing is run: it fails pytest and the strict build alike."""
