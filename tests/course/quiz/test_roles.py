import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.quiz import roles


def test_it_finds_every_probe_that_a_text_asks_for() -> None:
    text = "`{probe named_weight}` was {probe weight_before .5f}, {probe weight_before}"
    assert roles.names(text) == {"named_weight", "weight_before"}


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        ("{probe epochs}", []),
        ("a {b} c", []),
        ("{probe}", ["{probe}"]),
        ("{probe Epochs}", ["{probe Epochs}"]),
        ("{ probe epochs}", ["{ probe epochs}"]),
        ("{probe epochs .3q}", ["{probe epochs .3q}"]),
        ("{probe epochs", ["{probe epochs"]),
    ],
)
def test_it_finds_slips_of_the_author(text: str, slips: list[str]) -> None:
    assert roles.malformed(text) == slips


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("{probe x}", 50, "50"),
        ("{probe x ,d}", 1000, "1,000"),
        ("{probe x .3f}", 0.12345, "0.123"),
        ("{probe x .3f}", -0.5, "\N{MINUS SIGN}0.500"),
        ("{probe x .3f}", "0.weight[3, 1]", "0.weight[3, 1]"),
        ("{probe x .3f}", math.inf, "inf"),
        ("{probe x .3f}", "nan", "nan"),
        ("{probe x d}", 3.0, "3"),
    ],
)
def test_it_writes_values(text: str, value: float | str, written: str) -> None:
    assert roles.fill(text, {"x": value}) == written


def test_a_text_is_present_only_with_all_of_its_values() -> None:
    text = "{probe a} {probe b}"
    assert roles.present(text, {"a": 0, "b": 0.0})
    assert not roles.present(text, {"a": 1, "b": None})
    assert not roles.present(text, {"a": 1})


def test_a_key_is_one_role_alone() -> None:
    assert roles.alone(" {probe epochs} ") == "epochs"
    assert roles.alone("5") is None
    assert roles.alone("{probe epochs} {probe epochs}") is None


@given(st.text(), st.floats() | st.integers() | st.text())
def test_filling_never_fails_where_the_values_are_present(text: str, value: float | str) -> None:
    for suffix in ("", " .3f", " d", " .2e"):
        filled = roles.fill(f"{text}{{probe x{suffix}}}", {"x": value})
        assert "{probe x" not in filled or "{probe x" in text or "{probe x" in str(value)
