"""What the figures of the model's input say and draw, computed again with PyTorch."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn.functional import linear

from course.lessons.lesson.figures import FIGURES
from tests.course.drawings.svg import of_class, parsed, words
from tests.course.lessons.lesson.numbers import NUMBER, cells, column_of, near
from tests.course.lessons.lesson.said import RUNS, Said, made, plural, trace_of, whole
from tests.course.lessons.pipeline.variety import Facts
from trainer.engine import replay
from trainer.engine.probes import spec_of
from trainer.engine.trace import Trace

everywhere = pytest.mark.parametrize("name", RUNS)
MOVED = ("two passes in one", "scores made anew")
"""The loop whose first hidden values are those of a model that had moved."""


def parameters_of(facts: Facts, step: int = 0) -> list[Tensor]:
    """Weight, bias, weight, bias after a step."""
    shapes = [tuple(each["shape"]) for each in facts.document["layout"]]
    parts = torch.split(facts.after(step), [math.prod(shape) for shape in shapes])
    return [part.view(shape) for part, shape in zip(parts, shapes, strict=True)]


def entered(facts: Facts) -> Tensor:
    """The rows that went into the model in step 1."""
    return facts.tensors.get("first.scaled", facts.tensors["first.x"])


# -- one unit -------------------------------------------------------------------------------

terms = Said()


def sum_of(facts: Facts, row: int, unit: int) -> tuple[float, float]:
    """All products, and the bias; rows from 0."""
    weight, bias, *_ = parameters_of(facts)
    products = (weight[unit].double() * entered(facts)[row].double()).sum()
    return products.item(), bias[unit].item()


@terms.claim(rf"The products add up to {NUMBER}\. With the bias {NUMBER} that makes {NUMBER}\.")
def _sum(facts: Facts, row: int, unit: int, *found: str) -> None:
    products, bias = sum_of(facts, row, unit)
    for written, exact in zip(found, (products, bias, products + bias), strict=True):
        near(written, exact)
    one, two, both = (float(each.replace("−", "-").replace(",", "")) for each in found)
    digits = min(len(each.partition(".")[2]) for each in found)
    assert one + two == pytest.approx(both, abs=0.1 * 10.0**-digits)


@terms.claim(r"It is above 0, so ReLU hands it on as it is\.")
def _above(facts: Facts, row: int, unit: int) -> None:
    assert facts.tensors["first.hidden"][row, unit] > 0


@terms.claim(r"It is not above 0, so ReLU hands on 0\.")
def _not_above(facts: Facts, row: int, unit: int) -> None:
    assert facts.tensors["first.hidden"][row, unit] == 0


@everywhere
def test_one_unit(name: str) -> None:
    trace, facts = trace_of(name), Facts.of(name)
    figure = made(FIGURES["neuron"], trace)
    if "first.hidden" not in facts.tensors or 0 not in facts.tensors["kept_steps"]:
        assert figure is None
        return
    assert bool(figure) == (name not in MOVED)
    rows, units = facts.tensors["first.hidden"].shape
    for row, unit in {(0, 0), (rows - 1, units - 1), (rows // 2, units // 3)} if figure else ():
        figure = made(FIGURES["neuron"], trace, {"row": str(row + 1), "unit": str(unit)})
        assert figure
        terms.check(figure.says, facts, row, unit)
        weight, bias, *_ = parameters_of(facts)
        *lines, products, start, total, value = cells(figure.table)
        for line in lines:
            column = column_of(line[0])
            one, other = weight[unit, column].item(), entered(facts)[row, column].item()
            for written, exact in zip(line[1:], (one, other, one * other), strict=True):
                near(written, exact)
        assert len(lines) == weight.shape[1]
        near(products[-1], sum_of(facts, row, unit)[0])
        near(start[-1], bias[unit].item())
        near(total[-1], sum(sum_of(facts, row, unit)))
        assert float(value[-1]) == pytest.approx(
            facts.tensors["first.hidden"][row, unit].item(), abs=2e-5
        )


def test_the_bars_go_on_from_one_another_to_the_sum() -> None:
    facts = Facts.of("calm")
    figure = made(FIGURES["neuron"], trace_of("calm"), {"row": "3", "unit": "5"})
    assert figure
    notes = [word for word in words(parsed(figure.drawing)) if word[:1] in ("+", "−")]
    weight, bias, *_ = parameters_of(facts)
    products = weight[5] * entered(facts)[2]
    for note, exact in zip(notes, [*products.tolist(), bias[5].item()], strict=False):
        near(note.removeprefix("+"), exact)
    near(notes[11].removeprefix("+"), sum(sum_of(facts, 2, 5)))


def test_of_many_terms_the_small_ones_stand_together() -> None:
    facts, trace = Facts.of("digits"), trace_of("digits")
    figure = made(FIGURES["neuron"], trace)
    assert figure
    seen = words(parsed(figure.drawing))
    products = parameters_of(facts)[0][0] * entered(facts)[0]
    strongest = products.abs().topk(11).indices
    drawn = [column_of(word) for word in seen if word.startswith("x[")]
    assert drawn == sorted(strongest.tolist())
    others = products.sum() - products[strongest].sum()
    after = seen[seen.index("rest") + 1]
    near(after.removeprefix("+"), others.item())


# -- all units ------------------------------------------------------------------------------

units = Said()


@units.claim(r"In step INT the hidden values are not finite numbers\.")
def _lost(trace: Trace, hidden: Tensor, step: str) -> None:
    assert hidden.numel()
    assert not hidden.isfinite().all()


@units.claim(r"In step INT there are no hidden values, or none that can be had just now\.")
def _absent(trace: Trace, hidden: Tensor, step: str) -> None:
    assert not hidden.numel()


@units.claim(
    rf"In step INT, {NUMBER}% of the hidden values are 0\. Of INT (units?), INT are at 0 for some "
    r"rows and above it for others, INT above 0 for every row, INT at 0 for every row of this "
    r"batch\."
)
def _awake(trace: Trace, hidden: Tensor, *found: str) -> None:
    _, zeros, count, noun, some, always, never = found
    near(zeros, 100 * (hidden == 0).double().mean().item())
    awake = (hidden > 0).sum(dim=0)
    assert whole(count) == len(awake)
    plural(count, noun)
    assert whole(always) == int((awake == len(hidden)).sum())
    assert whole(never) == int((awake == 0).sum())
    assert whole(some) == len(awake) - whole(always) - whole(never)


@units.claim(r"At the end of the run INT (units?) (is|are) at 0 for every training row\.")
def _silent(trace: Trace, hidden: Tensor, count: str, noun: str, verb: str) -> None:
    assert whole(count) == trace.document["silent_units"]
    plural(count, noun)
    assert (verb == "is") == (whole(count) == 1)


@units.claim(r"Drawn: the first INT of INT rows\.")
def _rows(trace: Trace, hidden: Tensor, drawn: str, rows: str) -> None:
    assert whole(drawn) < whole(rows) == len(hidden)


@units.claim(r"Drawn: the first INT of INT units\.")
def _some(trace: Trace, hidden: Tensor, drawn: str, count: str) -> None:
    assert whole(drawn) < whole(count) == hidden.shape[1]


@everywhere
def test_all_units(name: str) -> None:
    trace, facts = trace_of(name), Facts.of(name)
    steps = len(facts.steps)
    assert (made(FIGURES["active-units"], trace) is None) == ("first.hidden" not in facts.tensors)
    for step in {1, steps} if "first.hidden" in facts.tensors else ():
        figure = made(FIGURES["active-units"], trace, {"step": str(step)})
        assert figure
        hidden = hidden_of(trace, step)
        units.check(figure.says, trace, hidden)
        assert bool(figure.drawing) == bool(hidden.numel() and hidden.isfinite().all())
        if figure.drawing:
            assert len(of_class(parsed(figure.drawing), "sunk")) >= min(hidden.shape[1], 16)
            for index, (unit, above, below) in enumerate(cells(figure.table)):
                assert whole(unit) == index
                assert whole(above) == int((hidden[:, index] > 0).sum())
                assert whole(below) == int((hidden[:, index] == 0).sum())


def hidden_of(trace: Trace, step: int) -> Tensor:
    """What a step's own parameters make of its rows."""
    found = replay.step(trace, step)
    if "hidden" not in found:
        return torch.empty(0)
    values = [[float(value) for value in row] for row in found["hidden"]]
    return torch.tensor(values)


# -- the first weights ----------------------------------------------------------------------

weights = Said()


@weights.claim(
    rf"Of the weights drawn here, `0\.weight\[INT, INT\]` has moved farthest from where it began: "
    rf"it was {NUMBER} and is {NUMBER}\. It is framed\."
)
def _farthest(start: Tensor, now: Tensor, drawn: int, *found: str) -> None:
    unit, column = map(whole, found[:2])
    near(found[2], start[unit, column].item())
    near(found[3], now[unit, column].item())
    moves = (now - start).abs()[:drawn]
    assert moves[unit, column] == moves.max() > 0


@weights.claim(r"Each weight shown is what it was before training\.")
def _as_drawn(start: Tensor, now: Tensor, drawn: int) -> None:
    assert torch.equal(start[:drawn], now[:drawn])


@weights.claim(r"Solid cells are weights that are not finite numbers any more\.")
def _solid(start: Tensor, now: Tensor, drawn: int) -> None:
    assert not now[:drawn].isfinite().all()


@weights.claim(r"Drawn: the first INT of INT hidden units\.")
def _first(start: Tensor, now: Tensor, drawn: int, shown: str, count: str) -> None:
    assert whole(shown) == drawn < whole(count) == len(start)


@everywhere
def test_the_first_weights(name: str) -> None:
    trace, facts = trace_of(name), Facts.of(name)
    figure = made(FIGURES["first-weights"], trace)
    assert (figure is None) == ("parameters" not in facts.tensors)
    if figure is None:
        return
    ends = {0: 0} | {each["epoch"]: each["last_step"] for each in facts.epochs}
    kept = facts.tensors["kept_steps"].tolist()
    known = [epoch for epoch, step in ends.items() if step in kept]
    for epoch in {0, max(known), known[len(known) // 2]}:
        figure = made(FIGURES["first-weights"], trace, {"epoch": str(epoch)})
        assert figure
        start, now = (parameters_of(facts, ends[each])[0] for each in (0, epoch))
        table = cells(figure.table)
        weights.check(figure.says, start, now, len(table))
        assert figure.title == f"0.weight, {f'after epoch {epoch}' if epoch else 'before training'}"
        for unit, (_, *line) in enumerate(table):
            for written, exact in zip(line, now[unit].tolist(), strict=True):
                if math.isfinite(exact):
                    near(written, exact)
                else:
                    assert written in ("not a number", "infinite", "−infinite")
        framed = of_class(parsed(figure.drawing), "framed")
        assert len(framed) == ("framed" in figure.says)


# -- parameters -----------------------------------------------------------------------------

counted = Said()


@counted.claim(
    r"Layer 0 has INT × INT weights and INT biases, layer 2 has INT × INT weights and INT biases\. "
    r"Layer 1 is ReLU and has none\. Together INT\."
)
def _together(facts: Facts, model: torch.nn.Sequential, *found: str) -> None:
    *sizes, together = map(whole, found)
    first, _, last = model
    assert sizes[:3] == [first.in_features, first.out_features, first.bias.numel()]  # type: ignore[operator]
    assert sizes[3:] == [last.in_features, last.out_features, last.bias.numel()]  # type: ignore[operator]
    assert together == sum(each.numel() for each in model.parameters())


@counted.claim(r"This run's own model, with INT (hidden units?), has INT\.")
def _own(facts: Facts, model: torch.nn.Sequential, hidden: str, noun: str, size: str) -> None:
    assert whole(hidden) == facts.spec.hidden
    plural(hidden, noun)
    assert whole(size) == facts.size


@everywhere
def test_parameters(name: str) -> None:
    trace, facts = trace_of(name), Facts.of(name)
    own = made(FIGURES["parameters"], trace)
    assert (own is None) == (not facts.document["layout"])
    for hidden in (1, 32, spec_of(trace).hidden) if own else ():
        figure = made(FIGURES["parameters"], trace, {"units": str(hidden)})
        assert figure
        data = facts.document["data"]
        model = torch.nn.Sequential(
            torch.nn.Linear(data["features"], hidden),
            torch.nn.ReLU(),
            torch.nn.Linear(hidden, data["classes"]),
        )
        counted.check(figure.says, facts, model)
        assert ("own model" in figure.says) == (hidden != facts.spec.hidden)
        whole_of = sum(each.numel() for each in model.parameters())
        assert whole(cells(figure.table)[-1][-1]) == whole_of
    if own:
        assert f"Together {facts.size:,}." in own.says


@pytest.mark.parametrize("name", MOVED)
def test_a_model_with_other_weights_than_the_first_pass_had_is_not_opened(name: str) -> None:
    """Its hidden values came of weights that had moved: the sum would not be what was handed on."""
    facts = Facts.of(name)
    weight, bias, *_ = parameters_of(facts)
    made_again = linear(entered(facts), weight, bias).relu()
    assert not torch.allclose(made_again, facts.tensors["first.hidden"], atol=1e-3)
    assert made(FIGURES["neuron"], trace_of(name)) is None
