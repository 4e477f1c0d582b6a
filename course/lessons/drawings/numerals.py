"""Numbers as drawings print them: a real minus sign, and no digit that contradicts another.

Not-finite numbers are the words nan, inf and −inf.
"""

import math
from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"


def decimal(value: float, digits: int = 3) -> str:
    """A number with so many decimals, or the word for one that is not finite."""
    if not math.isfinite(value):
        return str(value).replace("-", MINUS)
    if abs(value) >= 1e6 or 0 < abs(value) < 0.5 * 10.0**-digits:
        return f"{value:.2e}".replace("-", MINUS)
    written = f"{value:,.{digits}f}"
    return written.replace("-", MINUS)


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
    return [value for value in values if math.isfinite(value)]
