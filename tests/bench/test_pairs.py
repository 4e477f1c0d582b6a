"""Which of two is called when, and what is made of their times."""

import gc

import pytest

from bench import pairs


@pytest.fixture(autouse=True)
def unfrozen() -> object:
    """Timing freezes what is there; the tests that follow want to collect it."""
    yield
    gc.unfreeze()


def test_both_get_the_number_of_their_pair_and_begin_in_turn() -> None:
    calls: list[tuple[str, int]] = []
    ratios = pairs.paired(
        lambda number: calls.append(("a", number)),
        lambda number: calls.append(("b", number)),
        pairs=4,
        warm_up=2,
    )
    assert len(ratios) == 4
    timed = calls[4:]
    assert calls[:4] == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert timed == [
        ("a", 2), ("b", 2), ("b", 3), ("a", 3), ("a", 4), ("b", 4), ("b", 5), ("a", 5)
    ]  # fmt: skip


def test_a_ratio_is_the_time_of_the_first_over_that_of_the_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(pairs, "perf_counter", lambda: now[0])

    def taking(seconds: float) -> pairs.Work:
        def work(_pair: int) -> None:
            now[0] += seconds

        return work

    assert pairs.paired(taking(3), taking(2), pairs=3) == [1.5, 1.5, 1.5]
