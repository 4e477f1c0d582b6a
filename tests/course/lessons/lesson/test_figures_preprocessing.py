"""What the figures of preprocessing say and draw, computed again from the rows with PyTorch."""

import pytest
import torch
from torch import Tensor

from course.lessons.lesson.figure import Figure
from course.lessons.lesson.figures import FIGURES
from tests.course.drawings.svg import of_class, parsed, share, words
from tests.course.lessons.lesson.numbers import COLUMN, NUMBER, cells, column_of, near
from tests.course.lessons.lesson.said import RUNS, Said, made, plural, trace_of, whole
from trainer.engine.execute import names_of
from trainer.engine.probes import spec_of
from trainer.engine.trace import Trace

everywhere = pytest.mark.parametrize("name", RUNS)
FACTORS = (10, 100, 1000)


def rows_of(trace: Trace) -> tuple[Tensor, Tensor]:
    """Raw training rows and raw held-out rows."""
    names = names_of(spec_of(trace))
    return names["train"].x, names["heldout"].x


def columns_of(trace: Trace) -> list[int]:
    """Some columns, the first and the last among them."""
    last = trace.document["data"]["features"] - 1
    return sorted({0, last // 2, last})


def figure_of(name: str, trace: Trace, **chosen: str) -> Figure:
    """These figures tell every run: they need its settings and its data alone."""
    figure = made(FIGURES[name], trace, chosen)
    assert figure
    return figure


def spans_of(x: Tensor) -> Tensor:
    return x.max(dim=0).values - x.min(dim=0).values


# -- every column ---------------------------------------------------------------------------

ranges = Said()


@ranges.claim(
    rf"Raw, the widest column is {COLUMN}: {NUMBER} from its lowest to its highest value\. The "
    rf"narrowest that changes is {COLUMN}: {NUMBER}\. Scaled, each that changes goes from 0 to 1\."
)
def _spans(trace: Trace, most: str, wide: str, least: str, narrow: str) -> None:
    spans = spans_of(rows_of(trace)[0])
    near(wide, spans.max().item())
    near(narrow, spans[spans > 0].min().item())
    assert spans[int(most)] == spans.max()
    assert spans[int(least)] == spans[spans > 0].min()


@ranges.claim(r"INT (columns?) never changed\.")
def _still(trace: Trace, count: str, noun: str) -> None:
    assert whole(count) == int((spans_of(rows_of(trace)[0]) == 0).sum()) > 0
    plural(count, noun)


@ranges.claim(r"Of INT held-out values INT (lies?) outside the range of the training rows\.")
def _outside(trace: Trace, values: str, outside: str, verb: str) -> None:
    x, heldout = rows_of(trace)
    assert whole(values) == heldout.numel()
    beyond = (heldout < x.min(dim=0).values) | (heldout > x.max(dim=0).values)
    assert whole(outside) == int(beyond.sum())
    assert (verb == "lies") == (whole(outside) == 1)


@ranges.claim(r"Drawn: the first INT of INT columns\.")
def _drawn(trace: Trace, drawn: str, columns: str) -> None:
    assert whole(drawn) < whole(columns) == trace.document["data"]["features"]


@everywhere
def test_every_column(name: str) -> None:
    trace = trace_of(name)
    figure, (x, _) = figure_of("column-ranges", trace), rows_of(trace)
    ranges.check(figure.says, trace)
    assert ("never changed" in figure.says) == bool((spans_of(x) == 0).any())
    table = cells(figure.table)
    assert [column_of(row[0]) for row in table] == list(range(x.shape[1]))
    quarters = torch.quantile(x, torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0]), dim=0)
    for index, (_, *five, _) in enumerate(table):
        for written, exact in zip(five, quarters[:, index].tolist(), strict=True):
            near(written, exact)
    drawn = [word for word in words(parsed(figure.drawing)) if word.startswith("x[")]
    assert len(drawn) == min(x.shape[1], 16)


def test_a_box_stands_where_the_quarters_are() -> None:
    trace = trace_of("wine")
    x, _ = rows_of(trace)
    root = parsed(figure_of("column-ranges", trace).drawing)
    middles = [share(node.attrib["x1"]) for node in of_class(root, "framed")]
    quarters = torch.quantile(x, torch.tensor([0.0, 0.5, 1.0]), dim=0).double()
    low, high = x.min().item(), x.max().item()
    raw = (quarters[1] - low) / (high - low)
    scaled = (quarters[1] - quarters[0]) / (quarters[2] - quarters[0])
    assert middles == pytest.approx([*raw.tolist(), *scaled.tolist()], abs=1e-4)


# -- one column -----------------------------------------------------------------------------

one = Said()


@one.claim(rf"{COLUMN} is {NUMBER} in every training row\. There is nothing to stretch\.")
def _constant(trace: Trace, column: int, said: str, value: str) -> None:
    (only,) = set(rows_of(trace)[0][:, column].tolist())
    assert int(said) == column
    near(value, only)


@one.claim(
    rf"Bars stand where they stood; the axis below is another\. {NUMBER} becomes 0 and {NUMBER} "
    r"becomes 1\."
)
def _ends(trace: Trace, column: int, low: str, high: str) -> None:
    values = rows_of(trace)[0][:, column]
    near(low, values.min().item())
    near(high, values.max().item())


@one.claim(rf"The {NUMBER} of row INT becomes {NUMBER}\.")
def _followed(trace: Trace, column: int, raw: str, row: str, scaled: str) -> None:
    values = rows_of(trace)[0][:, column].double()
    assert whole(row) == trace.tensor("first.rows").flat[0]
    near(raw, values[whole(row)].item())
    near(scaled, ((values[whole(row)] - values.min()) / (values.max() - values.min())).item())


@one.claim(
    rf"The INT (held-out values?) of the column, scaled, go from {NUMBER} to {NUMBER}; "
    r"(none|[\d,]+) (lies?) outside 0 and 1\."
)
def _beyond(trace: Trace, column: int, *found: str) -> None:
    count, noun, first, last, outside, verb = found
    x, heldout = (rows[:, column].double() for rows in rows_of(trace))
    scaled = (heldout - x.min()) / (x.max() - x.min())
    assert whole(count) == len(heldout)
    plural(count, noun)
    near(first, scaled.min().item())
    near(last, scaled.max().item())
    beyond = int(((scaled < 0) | (scaled > 1)).sum())
    assert outside == (f"{beyond:,}" if beyond else "none")
    assert (verb == "lies") == (beyond <= 1)


@everywhere
def test_one_column(name: str) -> None:
    trace = trace_of(name)
    for column in columns_of(trace):
        figure = figure_of("column-histogram", trace, column=str(column))
        one.check(figure.says, trace, column)
        assert figure.controls[0].value == str(column)
        values = rows_of(trace)[0][:, column]
        changes = bool(values.min() < values.max())
        assert bool(figure.drawing) == changes
        assert ("becomes 0" in figure.says) == changes
        assert (" of row " in figure.says) == (changes and trace.has("first.x"))
        if changes:
            counts = [whole(row[-1]) for row in cells(figure.table)]
            assert sum(counts) == len(values)
            assert len(counts) == min(20, len(set(values.tolist())))
            low, high = values.min().item(), values.max().item()
            expected = torch.histc(values.double(), bins=len(counts), min=low, max=high)
            assert sum(abs(a - b) for a, b in zip(counts, expected.tolist(), strict=True)) <= 4
            assert len(of_class(parsed(figure.drawing), "s2-soft")) == sum(map(bool, counts))


def test_a_value_lands_at_its_share_of_both_axes() -> None:
    trace = trace_of("calm")
    figure = figure_of("column-histogram", trace, column="4")
    scaled = trace.tensor("first.scaled")[0].flat[4]
    marks = [share(each.attrib["cx"]) for each in parsed(figure.drawing).iter("circle")]
    assert marks == pytest.approx([scaled, scaled], abs=1e-4)


# -- a mistake ------------------------------------------------------------------------------

mistaken = Said()


def scaled_with(trace: Trace, column: int, factor: int) -> tuple[float, Tensor]:
    """The mistake, and the other values of the column by bounds that hold it."""
    values = rows_of(trace)[0][:, column].clone()
    row = int(values.argmax())
    most = values[row].item()
    if factor > 1:
        values[row] = factor * (most if most > 0 else 1.0)
    mistake = values[row].item()
    span = values.max() - values.min()
    scaled = (values - values.min()) / (span if span > 0 else 1.0)
    return mistake, torch.cat([scaled[:row], scaled[row + 1 :]])


@mistaken.claim(
    rf"{NUMBER} stands in place of {NUMBER} and becomes 1\. The other INT values of {COLUMN} end "
    rf"at {NUMBER}(?:\.|;)"
)
def _end(trace: Trace, column: int, factor: int, *found: str) -> None:
    mistake, before, others, said, top = found
    raw, scaled = scaled_with(trace, column, factor)
    near(mistake, raw)
    near(before, rows_of(trace)[0][:, column].max().item())
    assert whole(others) == len(scaled) == len(rows_of(trace)[0]) - 1
    assert int(said) == column
    near(top, scaled.max().item())


@mistaken.claim(r"Without the mistake the column never changed\.")
def _never(trace: Trace, column: int, factor: int) -> None:
    assert not scaled_with(trace, column, 1)[1].any()


@mistaken.claim(
    rf"without the mistake they went up to {NUMBER}\. Below 0\.1 there are INT of them, and were "
    r"INT\."
)
def _squeezed(trace: Trace, column: int, factor: int, *found: str) -> None:
    top, now, before = found
    clean, spoiled = (scaled_with(trace, column, each)[1] for each in (1, factor))
    near(top, clean.max().item())
    assert whole(now) == int((spoiled < 0.1).sum())
    assert whole(before) == int((clean < 0.1).sum())


@everywhere
def test_a_mistake(name: str) -> None:
    trace = trace_of(name)
    for column in columns_of(trace):
        for factor in FACTORS:
            chosen = {"column": str(column), "mistake": str(factor)}
            figure = figure_of("outlier", trace, **chosen)
            mistaken.check(figure.says, trace, column, factor)
        lines = cells(figure.table)
        for (_, raw, _, top, below), factor in zip(lines, (1, *FACTORS), strict=True):
            mistake, scaled = scaled_with(trace, column, factor)
            near(raw, mistake)
            near(top, scaled.max().item())
            assert whole(below) == int((scaled < 0.1).sum())


def test_a_mistake_a_hundred_times_too_large_squeezes_every_changing_column() -> None:
    """What the lesson and its question say of it, over the data sets and twenty draws of one."""
    for name in ("iris", "wine", "digits", "calm"):
        trace = trace_of(name)
        x, _ = rows_of(trace)
        for column in (spans_of(x) > 0).nonzero().flatten().tolist():
            _, scaled = scaled_with(trace, column, 100)
            assert scaled.max() <= 0.0101, (name, column)
