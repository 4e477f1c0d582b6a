"""The lines that `python -m bench` prints, and how it ends."""

import pytest

from bench.measure import MISSED, Measure, exit_code, of_faults, of_ratios, tell


@pytest.mark.parametrize(
    ("figure", "floor", "verdict"),
    [
        (1.1, False, "held"),
        (1.15, False, "held"),
        (1.1501, False, "missed"),
        (1.16, True, "held"),
        (1.14, True, "missed"),
    ],
)
def test_a_figure_is_held_against_its_goal(figure: float, *, floor: bool, verdict: str) -> None:
    assert Measure("G1", figure, 1.15, floor=floor).verdict == verdict


def test_a_figure_that_is_no_number_is_a_miss() -> None:
    assert Measure("G1", float("nan"), 1.15).verdict == "missed"
    assert Measure("G5", float("nan"), 100, floor=True).verdict == "missed"


def test_what_was_not_measured_says_why() -> None:
    line = Measure("G3 against skorch", None, 0.5, note="it is not installed").line
    assert line.endswith("not measured: it is not installed")
    assert "<= 0.5 x" in line


def test_a_line_says_name_figure_goal_and_verdict() -> None:
    line = Measure("G11 stored run", 80.04, 105, unit="KB", note="tensors 66.2").line
    assert line.split("  ")[0] == "G11 stored run"
    assert [part.strip() for part in line.split("  ") if part.strip()] == [
        "G11 stored run",
        "80 KB",
        "<= 105 KB",
        "held",
        "(tensors 66.2)",
    ]


def test_of_many_ratios_the_median_counts() -> None:
    measure = of_ratios("G1", [1.0, 9.0, 1.1, 1.2, 0.9], 1.15)
    assert measure.figure == 1.1
    assert measure.note.startswith("5 pairs")


def test_the_first_of_several_faults_is_named() -> None:
    assert of_faults("G2", [], "20 settings").verdict == "held"
    measure = of_faults("G2", ["calm: losses", "calm: parameters"], "20 settings")
    assert (measure.figure, measure.verdict) == (2, "missed")
    assert "calm: losses" in measure.line


def test_it_ends_well_unless_a_goal_is_missed() -> None:
    held, missed = Measure("a", 1, 2), Measure("b", 3, 2)
    unknown = Measure("c", None, 2, note="no reason")
    assert exit_code([held, unknown]) == 0
    assert exit_code([held, missed, held]) == MISSED != 0


def test_it_tells_every_line_before_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        tell(iter([Measure("first", 3, 2), Measure("second", 1, 2)]))
    assert ended.value.code == MISSED
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("first")
    assert second.startswith("second")
