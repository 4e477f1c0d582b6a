"""The prediction drawings: bars as long as their values, every value in the table."""

import re
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest

from course import drawings
from course.drawings.numerals import decimal, signed
from tests.course.drawings.svg import of_class, parsed, words
from tests.traces import fabricated_row, names_of, plain_names, replayed
from trainer.engine.names import Names

PLAIN = plain_names(10, 3)


def wide(name: str, row: int = 3) -> Element:
    return parsed(drawings.prediction_wide(replayed(name, row), names_of(name)))


def lengths(root: Element, class_: str, side: str = "width") -> list[float]:
    return [float(bar.attrib[side]) for bar in of_class(root, class_) if bar.tag == "rect"]


def proportional(drawn: list[float], values: list[float]) -> bool:
    scale = sum(drawn) / sum(values)
    return drawn == pytest.approx([value * scale for value in values], abs=0.02)


def test_bars_are_as_long_as_their_values() -> None:
    row, root = replayed("calm"), wide("calm")

    assert proportional(lengths(root, "s2"), row["scaled"])
    assert proportional(lengths(root, "s3")[:16], row["hidden"])
    assert proportional(lengths(root, "s3")[16:], [abs(value) for value in row["logits"]])
    found = [*lengths(root, "ink-3"), *lengths(root, "ink")]
    assert proportional(sorted(found), sorted(row["probabilities"]))


def test_the_full_width_of_the_softmax_bars_is_1() -> None:
    row, root = replayed("calm"), wide("calm")
    full = lengths(root, "sunk")[0]

    assert lengths(root, "ink") == pytest.approx([max(row["probabilities"]) * full], abs=0.01)


def test_logits_below_zero_go_to_the_left() -> None:
    row, root = replayed("calm"), wide("calm")
    bars = [bar for bar in of_class(root, "s3") if bar.tag == "rect"][16:]
    (at,) = {float(line.attrib["x1"]) for line in of_class(root, "rule")}

    for bar, logit in zip(bars, row["logits"], strict=True):
        left = float(bar.attrib["x"])
        assert left == pytest.approx(at, abs=0.02) if logit > 0 else left < at
        assert left + float(bar.attrib["width"]) <= at + 0.02 or logit > 0


def test_many_hidden_units_stand_side_by_side() -> None:
    row, root = replayed("whole"), wide("whole")
    above = [value for value in row["hidden"] if value > 0]

    assert proportional(lengths(root, "s3", "height")[: len(above)], above)
    assert "h[255]" in words(root)


@pytest.mark.parametrize("name", ["calm", "published", "whole"])
def test_zeros_of_the_hidden_layer_are_counted(name: str) -> None:
    hidden = replayed(name)["hidden"]
    zeros = sum(value == 0 for value in hidden)

    verb = "is" if zeros == 1 else "are"
    assert f"{zeros} of {len(hidden)} units {verb} 0" in words(wide(name))


def test_few_values_stand_beside_their_bars() -> None:
    row, shown = replayed("calm"), words(wide("calm"))

    for value in row["scaled"] + row["hidden"] + row["probabilities"]:
        assert decimal(value) in shown
    for value in row["logits"]:
        assert signed(value) in shown


def test_the_verdict_is_in_words() -> None:
    verdicts = set()
    for number in range(12):
        row, shown = replayed("calm", number), words(wide("calm", number))
        verdict = "right" if row["predicted"] == row["label"] else "not right"
        assert f"class {row['predicted']}" in shown
        assert f"label: class {row['label']}" in shown
        assert verdict in shown
        verdicts.add(verdict)

    assert verdicts == {"right", "not right"}


def test_there_is_no_verdict_on_logits_that_are_not_numbers() -> None:
    shown = words(wide("not finite"))

    assert "argmax of nan" in shown
    assert not {"right", "not right"} & set(shown)


def test_the_tall_one_shows_the_same() -> None:
    tall = parsed(drawings.prediction_tall(replayed("calm"), PLAIN))

    assert sorted(words(tall)) == sorted(words(wide("calm")))


@pytest.mark.parametrize("name", ["calm", "published"])
def test_the_table_has_every_value(name: str) -> None:
    row, rows = replayed(name), drawings.prediction_rows(replayed(name), PLAIN)
    layers = ("raw", "scaled", "hidden_before", "hidden", "logits", "probabilities")

    assert len(rows) == sum(len(row[layer]) for layer in layers)
    assert ("input, scaled", "x[4]", decimal(row["scaled"][4])) in rows
    assert ("hidden, before ReLU", "h[2]", signed(row["hidden_before"][2])) in rows
    assert ("softmax", "class 2", decimal(row["probabilities"][2])) in rows


def test_the_table_says_nan_where_a_value_is_none() -> None:
    rows = drawings.prediction_rows(fabricated_row(4, 3, 5, "nan"), plain_names(4, 3))

    assert ("logits", "class 2", "nan") in rows


# -- after each epoch ------------------------------------------------------------------------


def points(root: Element, class_: str) -> list[list[tuple[float, float]]]:
    curves = [path.attrib["d"] for path in of_class(root, class_)]
    return [
        [(float(x), float(y)) for x, y in (point.split() for point in d[1:].split("L"))]
        for d in curves
    ]


def test_the_labels_class_is_drawn_strongest_and_last() -> None:
    row, root = replayed("calm"), parsed(drawings.prediction_history(replayed("calm"), PLAIN))
    (mine,) = points(root, "line")
    heights = [166 - y for _, y in mine]
    values = [each["probabilities"][row["label"]] for each in row["by_epoch"]]

    assert len(mine) == 6
    assert heights == pytest.approx([value * 150 for value in values], abs=0.06)
    assert len(points(root, "line-2")) == 2


def test_every_epoch_has_a_row_in_the_table() -> None:
    row, rows = replayed("calm"), drawings.prediction_history_rows(replayed("calm"))

    assert [each[0] for each in rows] == ["0", "1", "2", "3", "4", "5"]
    assert rows[5][1:4] == tuple(decimal(p) for p in row["by_epoch"][5]["probabilities"])
    assert rows[5][4] == f"class {row['predicted']}"


def test_names_at_the_ends_do_not_touch() -> None:
    root = parsed(drawings.prediction_history(fabricated_row(4, 10, 5, 0.1), plain_names(4, 10)))
    places = sorted(
        float(node.attrib["y"]) for node in root.iter("text") if "class" in (node.text or "")
    )

    assert len(places) == 10
    assert all(below - above >= 15 for above, below in pairwise(places))


# -- names, and rows that are pictures ---------------------------------------------------------


def test_classes_with_a_name_are_called_by_it_too() -> None:
    names, shown = names_of("iris"), words(wide("iris"))
    row = replayed("iris")

    assert [shown.count(name) for name in names.classes] == [
        2 + (index == row["predicted"]) + (index == row["label"]) for index in range(3)
    ]
    assert shown.count("class 0") >= 2
    title = wide("iris").find("desc")
    assert title is not None
    assert f"Label: class {row['label']} ({names.classes[row['label']]})." in (title.text or "")


def test_columns_and_classes_are_named_in_the_table() -> None:
    row, rows = replayed("iris"), drawings.prediction_rows(replayed("iris"), names_of("iris"))

    assert ("input, raw", "x[2] petal length", decimal(row["raw"][2])) in rows
    assert ("softmax", "class 1 (versicolor)", decimal(row["probabilities"][1])) in rows


def test_a_picture_is_drawn_cell_by_cell() -> None:
    row, root = replayed("digits"), wide("digits")
    (frame,) = (each for each in of_class(root, "s2-line") if each.tag == "rect")
    side = float(frame.attrib["width"]) / 8
    inked = {(x, y) for path in of_class(root, "h2") for x, y in cells(path.attrib["d"], side)}

    assert frame.attrib["width"] == frame.attrib["height"]
    assert inked == {
        (index % 8, index // 8) for index, value in enumerate(row["scaled"]) if round(value * 8) > 0
    }
    assert lengths(root, "s2") == []
    assert "64 scaled features, 8 by 8" in words(root)


def cells(d: str, side: float) -> list[tuple[int, int]]:
    """Columns and rows that a path of boxes covers."""
    found = []
    for x, y, width in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v", d):
        first, many = round(float(x) / side), round(float(width) / side)
        found += [(first + step, round(float(y) / side)) for step in range(many)]
    return found


def test_a_picture_of_numbers_that_are_none_is_still_drawn() -> None:
    names = Names(plain_names(64, 10).features, plain_names(64, 10).classes, (8, 8))
    row = fabricated_row(64, 10, 5, "nan")

    for draw in (drawings.prediction_wide, drawings.prediction_tall):
        assert of_class(parsed(draw(row, names)), "s2-line")
