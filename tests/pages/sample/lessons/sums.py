"""Sums, taught."""


def running_sums(numbers, *, start=0):
    """Yield the sum so far behind each number."""
    total = start
    for number in numbers:
        total += number
        yield total
