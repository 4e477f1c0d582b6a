"""Points, lines, bars and clouds over two axes: where they stand, and what the axes say."""

import math
import re

import pytest

from course.drawings.plot import Axis, Marks, Panel, in_units, panels, plot
from course.drawings.svg import Told
from tests.course.drawings.svg import of_class, parsed, words

TOLD = Told("A plot", "What is to be seen.")
X, Y = Axis("across", 0.0, 10.0), Axis("up", 0.0, 4.0)
FLOOR, TOP = 212.0, 12.0


def outline(*marks: Marks) -> str:
    """The path of the one mark that is drawn as one."""
    (path,) = parsed(str(plot(TOLD, X, Y, marks))).iter("path")
    return path.attrib["d"]


def test_a_cloud_has_a_dot_of_its_size_at_each_finite_point() -> None:
    points = [(0.0, 0.0), (5.0, 4.0), (math.nan, 1.0), (10.0, 1.0), (1.0, math.inf)]
    drawn = plot(TOLD, X, Y, [Marks(points, "s4-line", kind="cloud", radius=4.0)])
    (path,) = of_class(parsed(str(drawn)), "s4-line")
    dots = re.findall(r"M([\d.]+) ([\d.]+)h", path.attrib["d"])
    assert [(float(x), float(y)) for x, y in dots] == [(0, FLOOR), (500, TOP), (1000, 162)]
    assert path.attrib["stroke-width"] == "8"
    assert path.attrib["stroke-linecap"] == "round"


def test_bars_go_from_the_floor_to_their_values_and_are_one_unit_wide() -> None:
    d = outline(Marks([(2.0, 4.0), (3.0, 2.0)], "s4", kind="bars"))
    assert d == "M150.0 212.0V12.0H250.0V112.0H350.0V212.0z"


def test_a_line_has_the_width_that_it_is_given() -> None:
    drawn = plot(TOLD, X, Y, [Marks([(0, 0), (10, 4)], "s5-line", width=2.0)])
    (path,) = of_class(parsed(str(drawn)), "s5-line")
    assert path.attrib["stroke-width"] == "2"
    assert "stroke-linecap" not in path.attrib


@pytest.mark.parametrize("kind", ["line", "dots", "rule", "cloud", "bars"])
def test_marks_without_a_finite_point_draw_nothing(kind: str) -> None:
    marks = Marks([(math.nan, 1.0)], "s4", kind=kind, label="gone")  # type: ignore[arg-type]
    root = parsed(str(plot(TOLD, X, Y, [marks])))
    assert not of_class(root, "s4")
    assert "gone" not in words(root)


def test_panels_stand_below_one_another_and_are_as_wide_as_each_other() -> None:
    named = Marks([(0, 1), (10, 1)], "line", label="name")
    root = parsed(str(panels(TOLD, [Panel(X, Y, [named]), Panel(X, Axis("down", 0, 1), [])])))
    assert root.attrib["height"] == "512"
    tops = [node.attrib["y"] for node in root if node.tag == "svg"]
    assert tops == ["0", "256"]
    assert words(root).count("across") == 2
    ends = {node.attrib["x2"] for node in of_class(root, "grid")}
    assert ends == {"76%"}


def test_an_axis_of_whole_numbers_names_no_other() -> None:
    assert [words for _, words in Axis("epoch", 0.5, 1.5, whole=True).ticks(5)] == ["1"]
    assert [words for _, words in Axis("epoch", 0.5, 2.5, whole=True).ticks(5)] == ["1", "2"]
    assert "0.5" in [words for _, words in Axis("epoch", 0.5, 2.5).ticks(5)]


@pytest.mark.parametrize(
    ("values", "unit", "said"),
    [
        ([0.4, -12.0], 1.0, ""),
        ([999.0], 1.0, ""),
        ([0.02, -0.004], 0.01, ", in units of 1e-2"),
        ([-3e9, math.nan], 1e9, ", in units of 1e9"),
        ([0.0], 1.0, ""),
        ([], 1.0, ""),
    ],
)
def test_numbers_that_are_tiny_or_huge_are_drawn_in_units(
    values: list[float], unit: float, said: str
) -> None:
    found, words = in_units(values)
    assert found == pytest.approx(unit)
    assert words == said
