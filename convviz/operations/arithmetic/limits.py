"""The largest arrays and integers that operations accept: what is larger is refused before memory is taken."""

from convviz.faults import shown

MOST_NUMBERS = 1 << 27
"""The largest number of numbers in an array that an operation makes: one gibibyte."""
LARGEST_INTEGER = 2**31 - 1
"""The largest stride, padding, dilation or size: no array that fits in memory needs a larger one."""


def check_size(numbers: int, given: str, made: str) -> None:
    """Check that an array is not too large to be made.

    Parameters
    ----------
    numbers : int
        How many numbers it would hold.
    given : str
        The arguments that make it so large, with their values.
    made : str
        What the array is called.

    Raises
    ------
    ValueError
        If it would hold more than `MOST_NUMBERS`.

    Examples
    --------
    >>> check_size(10**12, "n is 1000000000000", "the response")
    Traceback (most recent call last):
    ValueError: n is 1000000000000, with which the response would hold 1000000000000 numbers; accepted: what holds at
    most 134217728 numbers (1 GiB)
    """
    if numbers > MOST_NUMBERS:
        raise ValueError(
            f"{given}, with which {made} would hold {shown(numbers)} numbers; accepted: what holds at most "
            f"{MOST_NUMBERS} numbers (1 GiB)"
        )
