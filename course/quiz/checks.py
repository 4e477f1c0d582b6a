"""What is wrong with a question, for its author: asked by loadcourse and by the admin."""

import math
from collections.abc import Callable, Iterator

from course.quiz import hints, needs, roles
from course.quiz.content import Content
from course.quiz.evidence import RAN
from course.quiz.kinds import KINDS
from course.quiz.misconceptions import BELIEFS
from course.quiz.models import Place
from course.quiz.slips import Slip, role_slips
from trainer.engine.probes import CURVES, PROBES

MOST_COUNTED = 32_767
"""What a small whole number of the database holds."""

EACH_HAS = {
    "unit": ("number",),
    "code": ("blank", "faulty-line"),
    "facts": ("order", "blank", "program", "faulty-line"),
    "levels": ("order",),
}
"""Fields that only these kinds look at."""


def problems(content: Content, place: str = "") -> list[Slip]:
    """Every problem, a sentence each; empty if the question may be published at that place."""
    if content.kind not in KINDS:
        return [Slip(f"kind: {content.kind!r} is none of {', '.join(KINDS)}.", ("kind",))]
    checks: list[Callable[[Content], Iterator[Slip]]] = [
        _texts, _hints, _roles, _beliefs, _limits, _idle, _condition, _needs,
    ]  # fmt: skip
    checks.append(KINDS[content.kind].problems)
    found = [problem for check in checks for problem in check(content)]
    if place == Place.PREDICTION and content.needs:
        found.append(Slip("needs: a prediction is settled by the run of its form.", ("needs",)))
    if place == Place.PREDICTION and content.facts:
        found.append(Slip("facts: what is predicted is not run.", ("facts",)))
    if content.hints and (place == Place.PREDICTION or content.needs):
        found.append(Slip("hints: what is asked ahead of its run has none.", ("hints",)))
    return found or [*_giveaways(content)]


def _texts(content: Content) -> Iterator[Slip]:
    if not content.prompt.strip():
        yield Slip("prompt: is empty.", ("prompt",))
    if not content.explanation.strip():
        yield Slip("explanation: is empty.", ("explanation",))


def _hints(content: Content) -> Iterator[Slip]:
    for number, line in enumerate(content.hints.splitlines(), 1):
        if not line.strip():
            yield Slip("hints: one is empty.", ("hints",), number)


def _giveaways(content: Content) -> Iterator[Slip]:
    """What only a question that is whole can be asked."""
    for number, text in hints.giveaways(content):
        yield Slip(f"hints: {text!r} is the right answer.", ("hints",), number)


def _limits(content: Content) -> Iterator[Slip]:
    for name, count in (("points", content.points), ("max_attempts", content.max_attempts)):
        if not 1 <= count <= MOST_COUNTED:
            yield Slip(f"{name}: 1 to {MOST_COUNTED}.", (name,))
    if not 0 <= content.tolerance < math.inf:
        yield Slip("tolerance: 0 or more, and finite.", ("tolerance",))
    if content.half_tolerance is not None and not (
        content.tolerance <= content.half_tolerance < math.inf
    ):
        yield Slip("half_tolerance: at least the tolerance, and finite.", ("half_tolerance",))


def _idle(content: Content) -> Iterator[Slip]:
    """What would be written down and never looked at."""
    given = content.as_json()
    for name, kinds in EACH_HAS.items():
        if name in given and content.kind not in kinds:
            yield Slip(f"{name}: a {content.kind} has none.", (name,))


def _roles(content: Content) -> Iterator[Slip]:
    for place, text in content.texts():
        is_key = content.kind == "curve" and place[-1] in ("key", "value")
        if is_key and roles.alone(text) in CURVES:
            continue
        for line, reason in role_slips(text):
            yield Slip(reason, place, line)
    before = (*content.question_texts(), content.hints)
    early = sorted({name for text in before for name in roles.names(text)})
    for name in early:
        if name.startswith(RAN):
            yield Slip(f"probe {name!r}: nothing has run before there is an answer.")


def _condition(content: Content) -> Iterator[Slip]:
    try:
        condition = content.condition()
    except ValueError as reason:
        yield Slip(f"only_if: {reason}", ("only_if",))
        return
    for name in sorted(condition.names() - condition.words() - PROBES.keys()):
        yield Slip(f"only_if: probe {name!r} does not exist.", ("only_if",))
    if bool(content.otherwise) != bool(content.only_if and content.needs):
        yield Slip("otherwise: goes with only_if, where the question needs a run.", ("otherwise",))


def _needs(content: Content) -> Iterator[Slip]:
    """What can be said of a run that is still to be made."""
    if not content.needs:
        return
    for reason in needs.reasons(content.needs):
        yield Slip(f"needs: {reason}", ("needs",))
    if KINDS[content.kind].runs:
        yield Slip(f"needs: a {content.kind} is settled by its own run.", ("needs",))
    if content.max_attempts != 1:
        yield Slip("max_attempts: 1, where the run follows the answer.", ("max_attempts",))
    early = [content.prompt, content.note, *(option.text for option in content.options)]
    for name in sorted({name for text in early for name in roles.names(text)}):
        yield Slip(f"probe {name!r}: its run is not made when this is read.")


def _beliefs(content: Content) -> Iterator[Slip]:
    for index, option in enumerate(content.options):
        if option.misconception and option.misconception not in BELIEFS:
            reason = f"option {option.name!r}: no misconception {option.misconception!r}."
            yield Slip(reason, ("choice", index, "misconception"))
