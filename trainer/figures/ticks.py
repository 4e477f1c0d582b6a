"""Where an axis has its ticks."""

import math


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers between low and high, both included, at most so many, evenly apart."""
    if not high > low:
        return [low]
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step: float = next(
        power * factor for factor in (1, 2, 5, 10, 20) if _held(low, high, power * factor) <= most
    )
    first = math.ceil(low / step - 1e-9)
    return [index * step for index in range(first, first + _held(low, high, step))]


def nice_step(last: float, most: int) -> int:
    """A round whole step, of which at most so many lie between 0 and last."""
    steps = (factor * int(10**power) for power in range(12) for factor in (1, 2, 5))
    return next(step for step in steps if last / step <= most)


def tick_digits(ticks: list[float]) -> int:
    """Decimals that tell neighbouring ticks apart."""
    if len(ticks) == 1:
        return 3
    return max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9))


def _held(low: float, high: float, step: float) -> int:
    return math.floor(high / step + 1e-9) - math.ceil(low / step - 1e-9) + 1
