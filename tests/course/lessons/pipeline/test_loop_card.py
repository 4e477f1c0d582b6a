"""The loop card and the strip: the program of a run as the menu of the page."""

import pytest

from course.lessons.pipeline.loop_card import loop_card, strip
from course.stages import MARKS
from tests.course.lessons.pipeline.variety import NAMES, Facts, trace_of

HONEST = ["Once, before", "Each epoch", "Each batch", "After each epoch"]


def titles(name: str) -> list[str]:
    return [part["title"] for part in loop_card(trace_of(name).document)["parts"]]


@pytest.mark.parametrize("name", ["calm", "zero-between", "failed at once", "two steps"])
def test_an_honest_loop_stands_in_four_parts(name: str) -> None:
    assert titles(name) == HONEST


def test_lines_out_of_their_order_stand_in_one_piece() -> None:
    assert titles("no batch") == ["Once, before", "Each batch"]
    (part,) = loop_card(trace_of("nothing").document)["parts"]
    assert (part["title"], part["menu"]) == ("The program", False)
    assert not any(row["href"] for row in part["rows"])


def test_every_line_is_on_the_card_once_and_in_order() -> None:
    for name in NAMES:
        document = trace_of(name).document
        parts = loop_card(document)["parts"]
        shown = [(row["code"], row["level"]) for part in parts for row in part["rows"]]
        assert shown == [(line["source"], line["level"]) for line in document["program"]], name


def test_the_lines_of_the_batch_lead_to_their_stages() -> None:
    (menu,) = [part for part in loop_card(trace_of("calm").document)["parts"] if part["menu"]]
    assert [row["href"] for row in menu["rows"]] == [
        "#data-loading",
        "#preprocessing",
        "#backpropagation",
        "#model-input",
        "#loss",
        "#backpropagation",
        "#backpropagation",
    ]
    names = {row["code"]: row["step"] for row in menu["rows"]}
    assert names["optimizer.zero_grad()"] == "clear"
    assert names["optimizer.step()"] == "update"


def test_the_strip_has_seven_stops_with_lines_of_the_run() -> None:
    for name in NAMES:
        stops = strip(trace_of(name).document)
        assert [stop["stage"] for stop in stops] == [mark for mark, _ in MARKS.values()]
        for stop in stops[:5]:
            assert stop["code"] in Facts.of(name).document["source"]
    assert strip(trace_of("calm").document)[4]["code"] == "loss.backward()"
