"""Numbers as drawings print them: a real minus sign, and no digit that contradicts another.

Not-finite numbers are the words nan, inf and −inf.
"""

import math
from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"
SMALL, LARGE = 1e-4, 1e6
"""Below and from here on a number is written with a power of ten."""


def decimal(value: float, digits: int = 3) -> str:
    """A number with so many decimals, or the word for one that is not finite.

    A small number has as many decimals as show two of its digits, so that none looks like zero.
    """
    if not math.isfinite(value):
        return str(value).replace("-", MINUS)
    if value and not SMALL <= abs(value) < LARGE:
        return f"{value:.2e}".replace("e+", "e").replace("-", MINUS)
    if 0 < abs(value) < 0.5 * 10.0**-digits:
        digits = 1 - math.floor(math.log10(abs(value)))
    return f"{value:z,.{digits}f}".replace("-", MINUS)


def signed(value: float, digits: int = 3) -> str:
    """The same with a plus sign before what is above zero."""
    return f"+{decimal(value, digits)}" if value > 0 else decimal(value, digits)


def shape(sizes: Sequence[int]) -> str:
    """A tensor's shape as Python prints it: (100, 10), (100,), ()."""
    return str(tuple(sizes))


def count(number: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`, `1,000 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def real(value: float | str) -> float:
    """A number of a document, in which a not-finite one is a word."""
    return float(value)


def finite(values: Sequence[float]) -> list[float]:
    """Only those that are neither nan nor infinite."""
    return [value for value in values if math.isfinite(value)]
