"""Read what stands on a page and beside it: fences, prose, links, numbers, terms, records.

Nothing is run or judged.
"""
