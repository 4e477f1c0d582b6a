"""Numbers as they are printed: none that looks like another."""

import pytest

from course.drawings.numerals import decimal


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (-1.5, "−1.500"),
        (1234.5, "1,234.500"),
        (0.00012, "0.00012"),
        (1.77e8, "1.77e08"),
        (-5.83e12, "−5.83e12"),
        (3.0e-9, "3.00e−09"),
        (float("-inf"), "−inf"),
    ],
)
def test_a_number_is_written_as_a_person_reads_it(value: float, said: str) -> None:
    assert decimal(value) == said
