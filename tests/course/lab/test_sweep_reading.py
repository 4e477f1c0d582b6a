"""What is said of a sweep: true for whatever its runs measured."""

from hypothesis import given
from hypothesis import strategies as st

from course.lab.sweeps.reading import Measured, reading

SHARES = st.integers(0, 1000).map(lambda n: n / 1000)
MEASURED = st.lists(st.lists(SHARES, max_size=4), min_size=2, max_size=6).map(
    lambda rows: [Measured(at, numbers) for at, numbers in enumerate(rows)]
)


def read(**values: list[float]) -> str:
    return " ".join(reading("lr", [Measured(name, numbers) for name, numbers in values.items()]))


def test_seeds_that_reach_the_best_are_told_from_those_that_do_not() -> None:
    said = read(a=[0.80, 0.90], b=[0.70, 0.85], c=[0.2, 0.3])
    assert "The highest held-out accuracy on average, 0.850, is at learning rate a." in said
    assert "The seeds of a lie between 0.800 and 0.900." in said
    assert "Seeds of b reach as high: seeds alone can make that difference." in said
    assert "Every seed of c lies below: that is more than seeds do." in said


def test_to_touch_is_to_reach() -> None:
    assert "Seeds of b reach as high" in read(a=[0.8, 0.9], b=[0.7, 0.8])
    assert "Every seed of b lies below" in read(a=[0.8, 0.9], b=[0.7, 0.799])


def test_one_seed_says_nothing_about_seeds() -> None:
    said = read(a=[0.8], b=[0.7])
    assert "0.800, is at learning rate a." in said
    assert "on average" not in said
    assert "cannot be said" in said
    assert "cannot be said" in read(a=[0.8, 0.9], b=[0.7])


def test_equal_figures_are_called_equal() -> None:
    assert "Every learning rate ended with the same held-out accuracy, 0.500." in read(
        a=[0.5], b=[0.5]
    )
    assert "is at learning rate a and b." in read(a=[0.5], b=[0.5], c=[0.4])


def test_where_nothing_was_measured_nothing_is_compared() -> None:
    assert "nothing to compare" in read(a=[], b=[])
    assert "nothing to compare" in read(a=[0.5], b=[])
    assert "nothing to compare" in reading("seed", [Measured(1, [0.5]), Measured(2, [])])[0]


def test_over_seeds_the_spread_is_the_finding() -> None:
    (said,) = reading("seed", [Measured(seed, [share]) for seed, share in ((1, 0.8), (2, 0.85))])
    assert "lies between 0.800 and 0.850: seeds alone spread it by 0.050." in said
    assert "Under each of 2 seeds" in reading("seed", [Measured(s, [0.5]) for s in (1, 2)])[0]


@given(MEASURED)
def test_every_value_with_a_measure_is_on_one_side(measured: list[Measured]) -> None:
    known = [each for each in measured if each.numbers]
    said = reading("lr", measured)
    if len(known) < 2 or min(len(each.numbers) for each in known) < 2:
        return
    best = max(known, key=lambda each: each.mean)
    below = said[1].partition("Every seed of ")[2]
    for each in known:
        is_below = max(each.numbers) < min(best.numbers)
        named = below.partition(" lies below")[0].replace(" and ", ", ").split(", ")
        assert (str(each.value) in named) is is_below
