"""What is said of a finding, in sentences: pure functions of what the replay and document tell."""

from typing import Any

from course.drawings.numerals import count
from trainer.engine.finite import Sign

Found = dict[str, Any]

LARGEST = "3.4e38, the largest number of 32 bits"
LENGTHS = ("the length of the gradients", "the length of the update")

WHY = {
    "overflow": f"Every number that went in was finite. What came out is beyond {LARGEST}: there "
    "it becomes infinite.",
    "inf-inf": f"Every number that went in was finite. On the way sums went beyond {LARGEST}, "
    "some to inf and some to −inf, and inf − inf is not a number.",
    "0/0": "A column that never changes has the same lowest and highest value: high − low is 0, "
    "and so is x − low. 0 / 0 is not a number.",
    "x/0": "A column that never changes has the same lowest and highest value: high − low is 0, "
    "and what is divided by 0 becomes infinite.",
    "0*inf": "A label gives all classes but one the share 0. The logarithm of a probability that "
    "is 0 is −inf, and 0 × inf is not a number.",
    "mixed": f"Every number that went in was finite. On the way numbers went beyond {LARGEST}, and "
    "of two infinities, or of an infinity and a zero, no number can be made.",
}


def finding(found: Found) -> str:
    """Where it happened, and what was there."""
    return f"{_where(found)}, line {found['line']} gave {_numbers(found)}."


def cause(found: Found) -> str:
    """Which operation made it."""
    layer = f" It happened in layer {found['layer']} of the model." if found["layer"] else ""
    return WHY[found["operation"]] + layer


def after_updates(found: Found) -> str:
    """Whether the steps before had a part in it."""
    if found["updates"]:
        return f"{count(found['updates'], 'update')} came before it."
    return (
        "No update came before it: the learning rate had no part in it, and a smaller one will "
        "not help."
    )


def only_a_figure(sign: Sign) -> str:
    """Every tensor is finite, and a figure beside them is not."""
    said = (
        f"Every number that the lines of this run made is finite. What is not is {sign.what}, "
        f"first in step {sign.step}."
    )
    if sign.what not in LENGTHS:
        return f"{said} It is measured beside the program, with the parameters of that moment."
    return (
        f"{said} A length is the root of a sum of squares, and the square of anything beyond "
        f"1.8e19 is beyond {LARGEST}. In the table below it is added up in 64 bits."
    )


def _where(found: Found) -> str:
    if not found["step"]:
        return "Before the first step"
    if not found["inside"]:
        return f"After step {found['step']}, at the end of epoch {found['epoch']}"
    return f"In step {found['step']} (epoch {found['epoch']}, batch {found['batch']})"


def _numbers(found: Found) -> str:
    words = {"nan": "nan", "inf": "inf", "minus_inf": "−inf"}
    parts = [f"{found[name]:,} {word}" for name, word in words.items() if found[name]]
    if found["numbers"] == 1:
        return f"{found['tensor']} as {parts[0].partition(' ')[2]}"
    return f"{found['tensor']} with {' and '.join(parts)} among its {found['numbers']:,} numbers"
