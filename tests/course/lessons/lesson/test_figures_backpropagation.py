"""The figures of the lesson on backpropagation say what PyTorch finds again, of every run."""

import math
import re

import pytest
import torch
from torch import Tensor

from course.lessons.lesson.figure import Figure
from tests.course.drawings.svg import of_class, parsed
from tests.course.lessons.lesson.drawn import HONEST, figure, last, says, step_of, value
from tests.course.lessons.pipeline.variety import NAMES, Facts, trace_of
from tests.trainer.engine.test_along import loss_at

everywhere = pytest.mark.parametrize("run", HONEST)
N = r"(−?[\d.,]+(?:e[+−]?\d+)?)"
LAYERS = ("0.weight", "0.bias", "2.weight", "2.bias")


def part(run: str, flat: Tensor, layer: str) -> Tensor:
    """The numbers of one layer, in double precision."""
    layout = Facts.of(run).document["layout"]
    parts = torch.split(flat.double(), [math.prod(each["shape"]) for each in layout])
    return parts[[each["name"] for each in layout].index(layer)]


def moves(run: str, step: int, layer: str) -> tuple[Tensor, Tensor]:
    """Gradients and updates of a layer, worked out here."""
    facts = Facts.of(run)
    update = facts.after(step).double() - facts.after(step - 1).double()
    return part(run, step_of(run, step).gradients, layer), part(run, update, layer)


# -- gradient and update ----------------------------------------------------------------------


@everywhere
@pytest.mark.parametrize("layer", LAYERS)
def test_sizes_of_gradients_and_updates(run: str, layer: str) -> None:
    rate = Facts.of(run).spec.lr
    for step in (1, last(run)):
        gradients, updates = (each.abs() for each in moves(run, step, layer))
        told = says("step-sizes", run, step=step, layer=layer)
        found = re.match(rf"A point for each of {N} parameters?\.", told)
        assert found, told
        assert value(found[1]) == len(gradients)
        if "Every" in told:
            assert not (gradients.max() if "gradient is zero" in told else updates.max())
            continue
        found = re.search(
            rf"Gradients (?:of|from {N} to) {N} in size; updates (?:of|from {N} to) {N}\.", told
        )
        assert found, told
        low, high, least, most = found.groups()
        for written, exact in ((high, gradients.max()), (most, updates.max())):
            assert value(written) == pytest.approx(exact.item(), rel=0.06, abs=6e-5)
        for written, exact in ((low, gradients), (least, updates)):
            smallest = exact[exact > 0].min().item()
            if written:
                assert value(written) == pytest.approx(smallest, rel=0.1, abs=6e-5)
        found = re.search(rf"learning rate, (.*), would move none of them by more than {N} ", told)
        assert found, told
        assert float(found[1]) == rate
        assert value(found[2]) == pytest.approx(rate * gradients.max().item(), rel=0.06, abs=6e-5)


@pytest.mark.parametrize("run", ["bench", "ragged by 104", "long steps", "sgd, seed 3"])
@pytest.mark.parametrize("layer", LAYERS)
def test_under_plain_sgd_every_point_lies_on_the_line(run: str, layer: str) -> None:
    for step in (1, 2, last(run)):
        gradients, updates = moves(run, step, layer)
        rate = Facts.of(run).spec.lr
        assert torch.allclose(updates, -rate * gradients, rtol=1e-2, atol=1e-5 * max(1, rate))
        told = says("step-sizes", run, step=step, layer=layer)
        assert re.search(r"All \d+ of (them|the others|those .*) lie|Every|1 of", told), told


@pytest.mark.parametrize("run", ["calm", "adam, seed 3", "published"])
def test_adam_s_first_points_lie_off_the_line(run: str) -> None:
    for layer in LAYERS[:3]:
        gradients, updates = moves(run, 1, layer)
        rate = Facts.of(run).spec.lr
        moved = updates != 0
        assert torch.allclose(updates[moved].abs(), torch.tensor(rate).double(), rtol=1e-2)
        on = (updates + rate * gradients).abs() <= 1e-3 * rate * gradients.abs()
        told = says("step-sizes", run, step=1, layer=layer)
        found = re.search(r"(Not one|[\d,]+) of (them|the others|those .*?) (?:lie|lies) on", told)
        assert found, told
        assert (0 if found[1] == "Not one" else int(found[1])) == int((on & moved).sum())
        still = re.search(r"(\d+) of them (?:has|have) a gradient of 0", told)
        assert (int(still[1]) if still else 0) == int((~moved & (gradients == 0)).sum())


def test_each_point_stands_at_its_gradient_and_its_update() -> None:
    made = figure("step-sizes", "bench", step=4, layer="2.weight")
    assert made
    paths = of_class(parsed(str(made.drawing)), "s5-line")
    dots = [
        tuple(map(float, at)) for at in re.findall(r"M([\d.]+) ([\d.]+)h", paths[0].attrib["d"])
    ]
    gradients, updates = moves("bench", 4, "2.weight")
    assert len(dots) == len(gradients)
    across, up = torch.tensor(dots).double().T
    for drawn, exact, sign in ((across, gradients, 1), (up, updates, -1)):
        spread = drawn - drawn.mean(), sign * (exact - exact.mean())
        assert torch.nn.functional.cosine_similarity(*spread, dim=0) > 0.9999


def test_of_a_large_layer_some_points_are_drawn_and_all_are_told() -> None:
    made = figure("step-sizes", "many units", step=1, layer="0.weight")
    assert made
    assert "A point for each of 2,560 parameters." in made.says
    assert made.says.endswith("Drawn: one in 7.")
    (path,) = (each for each in of_class(parsed(str(made.drawing)), "s5-line"))
    assert path.attrib["d"].count("M") == math.ceil(2560 / 7)
    assert {place % 10 for place in range(0, 2560, 7)} == set(range(10))


def test_the_table_has_what_lies_between_before_and_after() -> None:
    made = figure("step-sizes", "calm", step=3, layer="0.weight")
    assert made
    assert made.table
    gradients, updates = moves("calm", 3, "0.weight")
    rows = [[cell["text"] for cell in row["cells"]] for row in made.table["rows"]]
    largest = gradients.abs().sort(descending=True).values
    for index, (name, before, gradient, plain, update, after) in enumerate(rows):
        place = Facts.of("calm").weight(name)
        assert abs(value(gradient)) == pytest.approx(largest[index].item(), abs=1e-5)
        assert value(plain) == pytest.approx(-0.02 * gradients[place].item(), abs=1e-5)
        assert value(update) == pytest.approx(updates[place].item(), abs=1e-5)
        assert value(after) - value(before) == pytest.approx(value(update), abs=2.1e-5)


# -- downhill ----------------------------------------------------------------------


LEVEL = "The loss is the same all along this way."
START = (
    rf"The batch costs {N} before the update\. .*? takes? it to {N}( \(outside the picture\))?\. "
)
AHEAD = rf"Lowest of the places drawn: {N} at {N}(?:; farther on it rises, to {N} at {N})?\."
BACK = rf"The other way, to the left of 0, it rises: {N} at {N}\."


@everywhere
@pytest.mark.parametrize("way", ["gradient", "update"])
def test_what_is_said_of_the_way_is_found_by_models_that_stand_there(run: str, way: str) -> None:
    facts, trace = Facts.of(run), trace_of(run)
    for step in (1, last(run)):
        before, after = facts.after(step - 1), facts.after(step)
        direction = after - before if way == "update" else -step_of(run, step).gradients
        once = 1.0 if way == "update" else facts.spec.lr

        def loss(at: float) -> float:
            return loss_at(trace, before + at * direction, step)  # noqa: B023

        told = says("downhill", run, step=step, way=way)
        if told == LEVEL:
            assert [loss(at) for at in (-1, once, 2)] == pytest.approx([loss(0)] * 3, rel=1e-5)
            continue
        found = re.match(START, told)
        assert found, told
        assert value(found[1]) == pytest.approx(loss(0), rel=1e-3, abs=6e-4)
        assert value(found[2]) == pytest.approx(loss(once), rel=0.06, abs=6e-4)
        if "No place drawn ahead is lower" in told:
            assert way == "update"
            assert min(loss(at) for at in (0.1, 0.5, 1.0)) >= loss(0) - 1e-5
            continue
        ahead = re.search(AHEAD, told)
        assert ahead, told
        low, at, high, end = ahead.groups()
        assert value(low) < loss(0) + 6e-4
        assert value(low) == pytest.approx(loss(value(at)), rel=0.05, abs=0.02)
        if high:
            assert loss(value(end)) > loss(0)
        back = re.search(BACK, told)
        assert back or way == "update" or run in ("one by one", "long steps")
        if back:
            assert value(back[1]) >= loss(0) - 6e-4
            assert value(back[2]) < 0


def test_the_curve_of_the_calm_run_falls_and_rises() -> None:
    told = says("downhill", "calm", step=1)
    assert "Plain SGD with the run's learning rate, 0.02, would take it to" in told
    assert "farther on it rises" in told
    assert "The other way" in told
    assert "The update that this step made takes it to" in says("downhill", "calm", way="update")


def test_a_way_on_which_nothing_moves_or_nothing_is_a_number_is_told_in_words() -> None:
    steps = last("not finite")
    assert says("downhill", "frozen", way="update") == LEVEL
    assert "not finite" in says("downhill", "not finite", step=steps)


# -- lengths ----------------------------------------------------------------------


@everywhere
def test_lengths_of_the_marked_step_and_of_the_longest(run: str) -> None:
    facts = Facts.of(run)
    for step in (1, last(run)):
        told = says("norms", run, mark=step)
        found = re.match(rf"Step {step}: a gradient of length {N}, an update of length {N}\.", told)
        assert found, told
        length = step_of(run, step).gradients.double().norm().item()
        moved = (facts.after(step).double() - facts.after(step - 1).double()).norm().item()
        assert value(found[1]) == pytest.approx(length, rel=0.06, abs=6e-4)
        assert value(found[2]) == pytest.approx(moved, rel=0.06, abs=6e-4)
        for noun, name in (("gradient", "grad_norm"), ("update", "update_norm")):
            every = [float(each[name]) for each in facts.steps]
            most = re.search(rf"The longest {noun} is that of step (\d+), {N}\.", told)
            assert (most is not None) == (len(every) > 1)
            if most:
                assert every[int(most[1]) - 1] == max(every)
                assert value(most[2]) == pytest.approx(max(every), rel=0.06, abs=6e-4)


@everywhere
def test_an_update_is_compared_with_its_gradient(run: str) -> None:
    ratios = [float(each["update_norm"]) / float(each["grad_norm"]) for each in Facts.of(run).steps]
    told = says("norms", run)
    found = re.search(
        rf"The update is between {N} and {N} times|every step the update is {N} times", told
    )
    assert (found is not None) == (len(ratios) > 1)
    if found:
        low, high = (found[1], found[2]) if found[1] else (found[3], found[3])
        assert value(low) == pytest.approx(min(ratios), rel=0.06, abs=6e-4)
        assert value(high) == pytest.approx(max(ratios), rel=0.06, abs=6e-4)
    if Facts.of(run).spec.optimizer == "sgd" and run != "crawling":
        assert "every step the update is" in told


# -- any loop ----------------------------------------------------------------------


@pytest.mark.parametrize("run", NAMES)
@pytest.mark.parametrize("name", ["step-sizes", "downhill", "norms"])
def test_a_figure_is_made_or_none(name: str, run: str) -> None:
    """Whatever the loop: there is a figure with its control, or none at all."""
    steps = last(run)
    for step in {1, 2, steps}:
        made: Figure | None = figure(name, run, step=step, mark=step)
        if made:
            assert made.controls
            assert "nan" not in made.says
            assert made.says.endswith(".")
    facts = Facts.of(run)
    if "first.gradients" in facts.tensors and "first.logits" in facts.tensors:
        assert figure(name, run)
    if not steps or not facts.document["updates"]:
        assert figure(name, run) is None
