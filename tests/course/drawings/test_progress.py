"""Drawings of progress: lanes of certainty, the map of beliefs, and the signs."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.drawings.belief_map import Row, belief_map_tall, belief_map_wide
from course.drawings.calibration import Lane, calibration
from course.drawings.signs import SIGNS, sign
from course.drawings.svg import Told
from course.quiz.misconceptions import BY_STAGE
from course.stages import MARKS
from tests.course.drawings.svg import keeps_policy, of_class, parsed, share, words

TOLD = Told("A title", "What is to be seen.")


def lane(found: float | None, *, clear: bool = True, judged: str = "too sure") -> Lane:
    return Lane("Sure", 0.8, 1.0, found, clear, ("3 of 9", judged))


@given(found=st.floats(0, 1), clear=st.booleans())
def test_a_mark_stands_at_its_share(found: float, clear: bool) -> None:
    root = parsed(calibration(TOLD, [lane(found, clear=clear)]))
    (mark,) = (node for node in root.iter("svg") if node.find("circle") is not None)
    assert share(mark.attrib["x"]) == pytest.approx(found, abs=1e-4)
    assert len(of_class(root, "hollow")) == (not clear)
    assert {"3 of 9", "too sure", "Sure"} <= set(words(root))


def test_the_range_lies_where_the_level_earns_most() -> None:
    (good,) = of_class(parsed(calibration(TOLD, [lane(0.5)])), "well-judged")
    assert share(good.attrib["x"]) == pytest.approx(0.8)
    assert share(good.attrib["width"]) == pytest.approx(0.2)


def test_without_answers_there_is_no_mark() -> None:
    root = parsed(calibration(TOLD, [lane(None)]))
    assert list(root.iter("circle")) == []


@pytest.mark.parametrize("draw", [belief_map_tall, belief_map_wide])
def test_the_map_has_a_sign_for_every_belief_and_fits(draw: object) -> None:
    rows = [Row(*MARKS[slug], ["never"] * len(names)) for slug, names in BY_STAGE.items()]
    assert callable(draw)
    root = parsed(draw(TOLD, rows))
    assert len(of_class(root, "sign-ring")) == sum(map(len, BY_STAGE.values()))
    for mark, name in MARKS.values():
        assert {mark, name} <= set(words(root))
    width = float(root.attrib["width"])
    places = [node.get("transform", "") for node in root.iter("g")]
    furthest = max(float(place[10:-1].split()[0]) for place in places)
    assert furthest + 10 <= width


def test_signs_differ_in_shape_and_not_in_hue_alone() -> None:
    told_apart = {"never", "shown", "overcome"}, {"unmet", "met", "once", "mastered"}
    for names in told_apart:
        shapes = set()
        for name in names:
            root = ET.fromstring(sign(name))  # noqa: S314 - made by the function under test
            assert root.attrib["aria-hidden"] == "true"
            keeps_policy(root)
            for node in root.iter():
                node.attrib.pop("class", None)
            shapes.add(ET.tostring(root))
        assert len(shapes) == len(names)
    assert set.union(*told_apart) == set(SIGNS)
