"""The pipeline drawings: their shapes and numbers are those of the trace."""

import xml.etree.ElementTree as ET

import pytest

from course import drawings
from course.drawings.heat import LEVELS
from tests.course.drawings.svg import of_class, parsed, words
from tests.traces import trace_of

LAYOUTS = [drawings.pipeline_wide, drawings.pipeline_tall]


def wide(name: str) -> ET.Element:
    return parsed(drawings.pipeline_wide(trace_of(name)))


@pytest.mark.parametrize("draw", LAYOUTS)
@pytest.mark.parametrize("name", ["calm", "published", "ragged", "one by one", "whole"])
def test_its_shapes_are_those_of_the_run(draw: object, name: str) -> None:
    trace = trace_of(name)
    shown = words(parsed(draw(trace)))  # type: ignore[operator]
    stages = {stage["id"]: stage for stage in trace.document["stages"]}
    rows = tuple(stages["preprocessing"]["out"]["x"])

    assert str(tuple(stages["data-loading"]["in"]["x"])) in shown
    assert f"{stages['data-loading']['out']['batches']} × {rows}" in shown
    assert str(rows) in shown
    assert str(tuple(stages["model-input"]["out"]["logits"])) in shown
    assert f"{trace.document['steps'][0]['loss']:.3f}" in shown
    for part in trace.document["layout"]:
        assert f"{part['name']} {tuple(part['shape'])}" in " ".join(shown)


@pytest.mark.parametrize("draw", LAYOUTS)
def test_it_names_all_stages_with_their_numbers(draw: object) -> None:
    root = parsed(draw(trace_of("calm")))  # type: ignore[operator]

    names = ["Data loading", "Preprocessing", "Model input", "Loss", "Backpropagation", "update"]
    assert [node.text for node in of_class(root, "t-stage")][:6] == names or set(names) <= set(
        words(root)
    )
    assert sorted(node.text or "" for node in of_class(root, "t-chip")) == list("1234555")


def test_clear_and_update_are_steps_of_their_own_in_stage_5() -> None:
    shown = words(wide("calm"))

    for name, code in (
        ("clear", "optimizer.zero_grad()"),
        ("Backpropagation", "loss.backward()"),
        ("update", "optimizer.step()"),
    ):
        assert name in shown
        assert code in shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("calm", ["10 per epoch, 5 epochs", "= 50 steps, 50 updates"]),
        ("ragged", ["8 per epoch, 3 epochs", "= 24 steps, 24 updates"]),
        ("one by one", ["10 per epoch, 1 epoch", "= 10 steps, 10 updates"]),
        ("no step", ["10 per epoch, 2 epochs", "= 20 steps, 0 updates"]),
        ("no forward", ["ended in step 1", "1 step, 0 updates"]),
        ("in place", ["ended in step 2", "2 steps, 2 updates"]),
    ],
)
def test_it_counts_steps_and_updates_in_the_trace(name: str, said: list[str]) -> None:
    assert set(said) <= set(words(wide(name)))


def test_a_run_that_ended_early_still_has_all_its_batches() -> None:
    assert "10 × (100, 10)" in words(wide("in place"))


def test_what_was_not_reached_is_an_empty_box() -> None:
    shown = words(wide("no forward"))

    assert shown.count("not reached") == 3
    assert shown.count("not made") == 1
    assert "(100, 10)" in shown
    assert "(100, 3)" not in shown


def test_a_line_that_does_its_part_in_other_words_is_there_but_not_reached() -> None:
    shown = words(wide("head of columns"))

    assert "no model(x)" not in shown
    assert shown.count("not reached") == 4  # logits, loss, gradients, weights
    assert shown.count("not made") == 0


def test_lines_that_the_program_does_not_have_are_named_as_missing() -> None:
    shown = words(wide("forward only"))

    for code in ("no criterion", "no backward()", "no step()", "no zero_grad()"):
        assert code in shown
    assert "+ labels (100,)" not in shown
    assert shown.count("not made") == 2


def test_weights_that_did_not_move_are_not_called_updated() -> None:
    assert "weights, not changed" in words(wide("no step"))
    assert "updated weights" not in words(wide("no step"))
    assert "updated weights" in words(wide("calm"))


def test_a_step_before_the_first_backward_has_no_gradients_and_moves_nothing() -> None:
    shown = words(wide("step first"))

    assert "none at step()" in shown
    assert "weights, not changed" in shown


def test_only_as_many_units_are_shown_as_have_room_and_it_says_so() -> None:
    assert "one column per unit, first 28" in " ".join(words(wide("published")))
    assert "one column per unit, full" in " ".join(words(wide("calm")))


def test_of_many_columns_some_are_shown_and_it_says_how_many() -> None:
    for draw in (drawings.pipeline_wide, drawings.pipeline_tall):
        shown = " ".join(words(parsed(draw(trace_of("digits")))))
        assert "batch 1: first 12 × 20" in shown
        assert "shown: 13 inputs, 16 units" in shown


def test_the_words_below_the_weights_stay_inside() -> None:
    for name in ("calm", "iris", "wine", "digits"):
        root = wide(name)
        lowest = max(float(node.attrib["y"]) for node in root.iter("text"))
        assert lowest <= float(root.attrib["height"]) - 6


def test_a_batch_of_one_row_is_said_to_be_one_row() -> None:
    assert "batch 1, its only row" in words(wide("one by one"))


def test_its_cells_are_the_values_of_the_first_rows() -> None:
    """The scaled batch, read back from the drawing cell by cell."""
    scaled = trace_of("calm").tensor("first.scaled")
    drawn: dict[tuple[int, int], float] = {}
    for layer in of_class(wide("calm"), "h2"):
        opacity = float(layer.attrib["fill-opacity"])
        for run in layer.attrib["d"].split("M")[1:]:
            place, rest = run.split("h", 1)
            x, y = map(float, place.split())
            width = float(rest.split("v")[0])
            for column in range(round(width / 5)):
                drawn[round((y + 48) / 4), round((x + 25) / 5) + column] = opacity

    for row in range(24):
        for column in range(10):
            level = round(scaled[row].flat[column] * LEVELS) / LEVELS
            assert drawn.get((row, column), 0.0) == level


def test_the_strokes_in_the_data_set_are_the_rows_of_batch_1() -> None:
    (strokes,) = [path for path in wide("one by one").iter("path") if path.get("class") == "s1"]
    (row,) = trace_of("one by one").tensor("first.rows").flat

    top = float(strokes.attrib["d"].split()[1].split("h")[0]) + 75
    assert top == pytest.approx(150 * row / 10, abs=0.01)


def test_it_tells_the_run_in_words() -> None:
    desc = wide("calm").findtext("desc") or ""

    assert "10 × (100, 10)" in desc
    assert "one loss, 1.145" in desc
    assert "227 parameters" in desc
    assert "Step 1 changed the weights." in desc


def test_the_wide_one_follows_its_frame_and_the_tall_one_keeps_its_size() -> None:
    tall = parsed(drawings.pipeline_tall(trace_of("calm")))

    assert wide("calm").attrib["width"] == "100%"
    assert "viewBox" not in wide("calm").attrib
    assert tall.attrib["viewBox"] == f"0 0 286 {tall.attrib['height']}"
