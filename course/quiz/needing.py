"""The run that a question needs, in words: in what it differs, and how its making stands."""

from dataclasses import replace

from course.quiz.needs import Needed
from course.quiz.parts import Needs
from trainer import differences
from trainer.differences import NOTHING_DONE
from trainer.models import Run
from trainer.pages import value_of
from trainer.runs import Asked

UNDER_WAY = "Its run is under way. It takes a moment."
NOT_MADE = "No run has settled it so far."
CUT_SHORT = "Its run was stopped before its end, so it settles nothing."


def needs_of(needed: Needed, turn: int, run: Run | None) -> Needs:
    """What the card says. run: of the answer, if there is one."""
    asked = needed.asked(turn)
    # Under equal settings, for those are told already.
    like = replace(needed.beside, spec=asked.spec)
    return Needs(
        settings=_settings(asked, needed.beside),
        lines=differences.lines(asked, like),
        state=_state(run),
    )


def _settings(asked: Asked, beside: Asked) -> list[dict[str, str]]:
    changed = [
        each | {"beside": "" if each["beside"] == NOTHING_DONE else each["beside"]}
        for each in differences.settings(asked.spec, beside.spec)
    ]
    seeds = [value_of(each.spec.seed) for each in (asked, beside)]
    if seeds[0] != seeds[1]:
        changed.append({"name": "Seed", "here": seeds[0], "beside": seeds[1]})
    return changed


def _state(run: Run | None) -> str:
    if run is None:
        return NOT_MADE
    if run.state == Run.Status.PENDING:
        return UNDER_WAY
    return CUT_SHORT if run.state == Run.Status.STOPPED else run.reason or NOT_MADE
