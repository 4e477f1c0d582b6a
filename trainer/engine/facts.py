"""What can be said of the run of a learner's program, beside the correct loop's run of one spec.

A fact is true or false and exact: numbers are compared to the last bit, which the same operations
in the same order give. Standard library only.
"""

from collections.abc import Callable

from trainer.engine.probes import probe
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import KEEPS_GRAPHS

FACT_VERSION = 1
"""Goes up when an old fact comes to mean something else: answers keep what it was then."""

Fact = Callable[[Trace, Trace], bool]

FACTS: dict[str, Fact] = {}


def facts_of(trace: Trace, correct: Trace) -> dict[str, bool]:
    """Every fact of a run; `correct` is the correct loop's under the same spec."""
    return {name: holds(trace, correct) for name, holds in FACTS.items()}


def _fact(function: Fact) -> Fact:
    FACTS[function.__name__] = function
    return function


@_fact
def ran_through(trace: Trace, correct: Trace) -> bool:  # noqa: ARG001 - one of `FACTS`
    """It came to its end, and no line raised an error."""
    return bool(trace.document["status"] == "finished")


@_fact
def parameters_moved(trace: Trace, correct: Trace) -> bool:  # noqa: ARG001 - one of `FACTS`
    """At least one parameter ended elsewhere than it began."""
    return probe("largest_change", trace) not in (None, 0)


@_fact
def own_gradients(trace: Trace, correct: Trace) -> bool:
    """Each update used the gradients of its own batch's loss: nothing older, nothing twice.

    Judged as far as the losses are those of the correct loop: there the gradients have to be, too.
    """
    for mine, theirs in zip(trace.document["steps"], correct.document["steps"], strict=False):
        if mine["loss"] != theirs["loss"]:
            return True
        if mine["grad_norm"] != theirs["grad_norm"]:
            return False
    return True


@_fact
def same_losses(trace: Trace, correct: Trace) -> bool:
    """The loss of every batch is that of the correct loop."""
    return _losses(trace) == _losses(correct)


@_fact
def same_end(trace: Trace, correct: Trace) -> bool:
    """Every parameter ends where it does in the correct loop."""
    return _end(trace) == _end(correct)


@_fact
def same_evaluation(trace: Trace, correct: Trace) -> bool:
    """After every epoch it found the held-out loss and accuracy that the correct loop finds."""
    return _evaluations(trace) == _evaluations(correct)


@_fact
def lets_graphs_go(trace: Trace, correct: Trace) -> bool:  # noqa: ARG001 - one of `FACTS`
    """None of its lines keeps what a step leaves to go back through, beyond the step."""
    return not any(line["id"] in KEEPS_GRAPHS for line in trace.document["program"])


def _losses(trace: Trace) -> list[object]:
    return [step["loss"] for step in trace.document["steps"]]


def _end(trace: Trace) -> list[float] | None:
    return list(trace.tensor("parameters")[-1].flat) if trace.has("parameters") else None


def _evaluations(trace: Trace) -> list[list[object]]:
    measured = [each["evaluation"] for each in trace.document["epochs"]]
    return [[each.get(name) for name in ("heldout_loss", "heldout_accuracy")] for each in measured]
