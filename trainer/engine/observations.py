"""A sentence or two on each epoch, derived from its numbers by rules that are tested.

Pure functions over a trace document; standard library only. Works on figures rounded as
the page prints them, so that no sentence contradicts the arithmetic beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from trainer.engine.trace import Document, as_float

FLAT = 0.01
"""An epoch whose mean loss moved by no more than this is a plateau."""

FAR = 10.0
"""A mean loss above this many times that of equal odds has left everything useful: diverged."""

LARGE = 10_000
"""From here on a figure is printed with a power of ten."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch as the rules see it: rounded figures, None where nothing was measured."""

    number: int
    running_loss: float | None
    losses: tuple[float | None, ...]
    rows: tuple[int, ...]
    first_step: int


def observe_epochs(document: Document) -> list[str]:
    """One observation per epoch of the document, in order."""
    steps = document["steps"]
    grouped = {
        number: list(group) for number, group in groupby(steps, key=lambda each: each["epoch"])
    }
    epochs = [_epoch(each, grouped.get(each["epoch"], [])) for each in document["epochs"]]
    leap = overshoot([as_float(each["loss"]) for each in steps], [each["rows"] for each in steps])
    return [_observe(document, epochs, index, leap) for index in range(len(epochs))]


def overshoot(losses: Sequence[float | None], rows: Sequence[int]) -> int | None:
    """Step number of the first loss that leapt above all before it, or None.

    It leapt if it is higher than at any earlier step, and above the step before by more than
    the noise of a mean over that many rows: a share of 3 / sqrt(rows).
    """
    highest = None
    for index, loss in enumerate(losses):
        before = losses[index - 1] if index else None
        if loss is None or not math.isfinite(loss):
            return None
        if before is not None and highest is not None:
            enough = before * (1 + 3 / math.sqrt(max(min(rows[index], rows[index - 1]), 1)))
            if loss > highest and loss > enough:
                return index + 1
        highest = loss if highest is None else max(highest, loss)
    return None


def _epoch(figures: Document, steps: list[Document]) -> Epoch:
    return Epoch(
        number=figures["epoch"],
        running_loss=_rounded(figures["running_loss"]),
        losses=tuple(as_float(step["loss"]) for step in steps),
        rows=tuple(step["rows"] for step in steps),
        first_step=steps[0]["step"] if steps else 0,
    )


def _rounded(value: float | str | None) -> float | None:
    exact = as_float(value)
    return exact if exact is None or not math.isfinite(exact) else round(exact, 3)


def _observe(document: Document, epochs: list[Epoch], index: int, leap: int | None) -> str:
    epoch = epochs[index]
    if document["error"] and index == len(epochs) - 1:
        return _ended(document)
    if epoch.running_loss is None:
        return "No loss was computed in this epoch."
    if gone := _diverged(document, epochs, index):
        return " ".join(filter(None, [_leap(document, epoch, leap), gone]))
    sentences = [_leap(document, epoch, leap), _course(document, epochs, index), _batches(epoch)]
    return " ".join(filter(None, sentences))


def _ended(document: Document) -> str:
    error = document["error"]
    return f"The run ended in this epoch, at step {error['step']}: {error['type']}."


def _diverged(document: Document, epochs: list[Epoch], index: int) -> str:
    """What to say where the loss is not finite, or far above anything useful; else nothing."""
    losses = [epoch.running_loss for epoch in epochs[: index + 1]]
    gone = [is_gone(loss, document["data"]["classes"]) for loss in losses]
    if not gone[-1]:
        return ""
    again = "Still diverged" if any(gone[-2:-1]) else "Diverged"
    epoch, mean = epochs[index], losses[-1] or 0.0
    if math.isfinite(mean):
        return f"{again}: the mean loss is {figure(mean)}."
    bad = next(i for i, loss in enumerate(epoch.losses) if loss is None or not math.isfinite(loss))
    return f"{again}: at step {epoch.first_step + bad} the loss is not a finite number."


def is_gone(mean_loss: float | None, classes: int) -> bool:
    """Whether a mean loss is not finite, or far above that of equal odds on the classes."""
    return mean_loss is not None and not mean_loss <= FAR * math.log(classes)


def figure(value: float) -> str:
    """A figure as the page prints it: three decimals, or two digits and a power of ten."""
    return f"{value:.3f}" if abs(value) < LARGE else f"{value:.1e}".replace("e+", "e")


def _leap(document: Document, epoch: Epoch, step: int | None) -> str:
    if step is None or not epoch.first_step <= step < epoch.first_step + len(epoch.losses):
        return ""
    before, after = (as_float(each["loss"]) or 0.0 for each in document["steps"][step - 2 : step])
    return f"Overshot: the loss leapt from {figure(before)} to {figure(after)} at step {step}."


def _course(document: Document, epochs: list[Epoch], index: int) -> str:
    now = epochs[index].running_loss
    before = epochs[index - 1].running_loss if index else None
    if now is None:
        return ""
    if before is None or not math.isfinite(before):
        return _start(document, now)
    change = round(now - before, 3)
    if abs(change) <= FLAT:
        return f"Plateau: the mean loss moved by {figure(abs(change))}."
    if change > 0:
        return f"The mean loss rose by {figure(change)}."
    return f"The mean loss fell by {figure(-change)}{_rank(epochs, index)}."


def _start(document: Document, now: float) -> str:
    classes = document["data"]["classes"]
    guess = round(math.log(classes), 3)
    relation = "below" if now < guess else "above" if now > guess else "at"
    return (
        f"Mean loss {figure(now)}, {relation} the {guess:.3f} of equal odds on {classes} classes."
    )


def _rank(epochs: list[Epoch], index: int) -> str:
    """How this fall compares with the others, where there are others."""
    falls = _falls(epochs)
    finite = [fall for fall in falls if fall is not None]
    mine, before = falls[index], falls[index - 1]
    if len(finite) > 1 and mine == max(finite) and finite.count(mine) == 1:
        return ", the largest fall of the run"
    if mine is not None and before is not None and 0 < mine < before:
        return f", less than the {figure(before)} before"
    return ""


def _falls(epochs: list[Epoch]) -> list[float | None]:
    means = [epoch.running_loss for epoch in epochs]
    falls: list[float | None] = [None]
    for before, now in pairwise(means):
        known = before is not None and now is not None and math.isfinite(before - now)
        falls.append(round(before - now, 3) if known else None)  # type: ignore[operator]
    return falls


def _batches(epoch: Epoch) -> str:
    """Rises inside the epoch, where there were at least two batches and all were measured."""
    losses = [loss for loss in epoch.losses if loss is not None]
    pairs = len(losses) - 1
    if pairs < 1 or len(losses) < len(epoch.losses):
        return ""
    rises = sum(now > before for before, now in pairwise(losses))
    return (
        f"From batch to batch it rose {rises} of {pairs} times."
        if rises
        else (f"It fell at each of the {pairs} changes of batch." if _all_fell(losses) else "")
    )


def _all_fell(losses: list[float]) -> bool:
    return all(now < before for before, now in pairwise(losses))
