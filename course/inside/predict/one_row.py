"""One row through the layers: its values, what they say, a sum opened, and without scaling."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from course import drawings
from course.drawings import sums
from course.drawings.numerals import count, decimal, signed
from course.drawings.pairs import Pair, pairs
from course.drawings.svg import Told
from course.lessons.pipeline.tables import Table, table
from trainer.engine.names import Names
from trainer.engine.trace import Trace
from trainer.pages import shown

Replayed = Mapping[str, Any]
Context = dict[str, Any]

VALUES = (("Layer", ""), ("Name", "code"), ("Value", "n code"))


def layers(trace: Trace, replayed: Replayed, names: Names) -> Context:
    """The drawing, what it says, and every value."""
    columns = [{"text": text, "kind": kind} for text, kind in VALUES]
    rows = [list(row) for row in drawings.prediction_rows(replayed, names)]
    return {
        "wide": drawings.prediction_wide(replayed, names),
        "tall": drawings.prediction_tall(replayed, names),
        "says": f"{_outcome(replayed, names)}{_outside(trace, replayed)}",
        "table": table("Every value of this row", columns, rows),
    }


def _outcome(replayed: Replayed, names: Names) -> str:
    """The class with the largest share, against the label where there is one."""
    predicted, label = replayed["predicted"], replayed["label"]
    if not _finite(replayed["probabilities"]):
        return "The scores of this row are no numbers, so no class is ahead of another."
    said = (
        f"{names.label(predicted).capitalize()} gets the largest share, "
        f"{shown(replayed['probabilities'][predicted])}"
    )
    if label is None:
        return f"{said}. Nobody has said which class this row is of."
    return said + (", which is its label." if predicted == label
                   else f", but its label is {names.label(label)}.")  # fmt: skip


def _outside(trace: Trace, replayed: Replayed) -> str:
    """How many columns lie beyond what the scaler was fitted to, if it was."""
    beyond = sum(not 0 <= float(value) <= 1 for value in replayed["scaled"])
    if not beyond or not scales(trace):
        return ""
    lie = "lies" if beyond == 1 else "lie"
    of = count(len(replayed["scaled"]), "column")
    return f" {beyond} of its {of} {lie} outside the bounds of the scaler: below 0 or above 1."


def scales(trace: Trace) -> bool:
    """Whether the run's scaler changes anything: bounds of 0 and 1 throughout do not."""
    low, high = (trace.tensor(name).flat for name in ("low", "high"))
    return any(low) or any(each != 1 for each in high)


def _finite(numbers: Sequence[float | str]) -> bool:
    return all(math.isfinite(float(each)) for each in numbers)


# -- a sum opened ----------------------------------------------------------------------------


def opened(replayed: Replayed, names: Names, unit: int | None, logit: int | None) -> Context | None:
    """The sum behind a hidden unit, or else behind a logit; None where neither was asked for."""
    if unit is not None:
        called = [f"x[{at}]" for at in range(len(replayed["scaled"]))]
        told = [names.column(at) for at in range(len(called))]
        found = _sum(replayed, ("weight1", "bias1"), unit, ("scaled", "hidden_before"), called)
        relu = float(replayed["hidden"][unit])
        whole = sums.Sum(called, found.weights, found.values, found.bias, found.total, relu)
        return _opened(f"Hidden unit {unit}, term by term", whole, told)
    if logit is None:
        return None
    called = [f"h[{at}]" for at in range(len(replayed["hidden"]))]
    whole = _sum(replayed, ("weight2", "bias2"), logit, ("hidden", "logits"), called)
    return _opened(f"Logit of {names.label(logit)}, term by term", whole, called)


def _sum(
    replayed: Replayed,
    layer: tuple[str, str],
    index: int,
    ends: tuple[str, str],
    names: Sequence[str],
) -> sums.Sum:
    weights, bias = (replayed[name][index] for name in layer)
    values, totals = (replayed[name] for name in ends)
    return sums.Sum(
        names,
        [*map(float, weights)],
        [*map(float, values)],
        float(bias),
        float(totals[index]),
    )


def _opened(title: str, whole: sums.Sum, told: Sequence[str]) -> Context:
    finite = all(map(math.isfinite, [*whole.terms, whole.bias, whole.total]))
    says = sums.says(whole) if finite else "Some of these numbers are not finite any more."
    columns = [{"text": "Term", "kind": "code"}]
    columns += [{"text": each, "kind": "n"} for each in sums.HEADS]
    rows = sums.rows(whole)
    for at, name in enumerate(told):
        rows[at][0] = name
    return {
        "title": title,
        "says": says,
        "drawing": sums.drawn(Told(title, says), whole) if finite else "",
        "table": table(title, columns, rows),
    }


# -- without scaling -------------------------------------------------------------------------


def unscaled(trace: Trace, replayed: Replayed, names: Names) -> Context:
    """The same row straight into the model, beside the scaled one."""
    forgot = replayed["unscaled"]
    both = replayed["probabilities"], forgot["probabilities"]
    says = _unscaled_says(trace, replayed, names)
    told: Context = {"says": says, "table": _beside(replayed, names)}
    if not all(map(_finite, both)):
        return told | {"drawing": ""}
    title = "Shares with scaling and without"
    shown_ = [
        Pair(names.label(index), "", (float(one), float(other)))
        for index, (one, other) in enumerate(zip(*both, strict=True))
    ]
    return told | {"drawing": pairs(Told(title, says), shown_)}


def _unscaled_says(trace: Trace, replayed: Replayed, names: Names) -> str:
    forgot = replayed["unscaled"]
    if not scales(trace):
        return "The scaler of this run leaves every number as it is, so nothing can be forgotten."
    if not _finite(replayed["probabilities"]) or not _finite(forgot["probabilities"]):
        return "Some of these scores are no numbers, so there is nothing to compare."
    first, then = replayed["predicted"], forgot["predicted"]
    said = (
        f"Scaled, {names.label(first)} gets {shown(replayed['probabilities'][first])}; as it is, "
        f"{names.label(then)} gets {shown(forgot['probabilities'][then])}."
    )
    verdict = "The prediction stays" if first == then else "The prediction changes"
    return f"{said} {verdict}, for this row. No error is raised either way."


def _beside(replayed: Replayed, names: Names) -> Table:
    heads = ("Class", "Logit", "Share", "Logit, not scaled", "Share, not scaled")
    columns = [{"text": head, "kind": "n code" if at else ""} for at, head in enumerate(heads)]
    forgot = replayed["unscaled"]
    each = zip(replayed["logits"], replayed["probabilities"],
               forgot["logits"], forgot["probabilities"], strict=True)  # fmt: skip
    rows = [
        [names.label(index), signed(float(a)), decimal(float(b)), signed(float(c)),
         decimal(float(d))]
        for index, (a, b, c, d) in enumerate(each)
    ]  # fmt: skip
    return table("Scores with scaling and without", columns, rows)
