"""Which of its turns a question that needs a run is in, for one learner. Writes nothing.

A turn is over once its answer is locked. One whose run the learner has seen already, made in the
lab or for another question, is left out: nothing would be left to say ahead of it.
"""

from collections import defaultdict
from collections.abc import Mapping

from course.accounts.models import User
from course.quiz.models import Answer, Mode
from course.quiz.needs import Needed, variant_of
from trainer.models import Run

NEXT = 0
"""In place of a turn: the first that is neither answered nor seen."""

Wanted = Mapping[str, int]
"""By the slug of a question the turn that is wanted, or `NEXT`."""


def turns_of(asked: Mapping[str, Needed], learner: User | None, wanted: Wanted) -> dict[str, int]:
    """The turn of each question, by its slug: the wanted one, or the last that was answered.

    Where none was, the next. At most two queries.
    """
    answered = _answered(asked, learner)
    found = {slug: _last(each, answered[slug]) for slug, each in asked.items()}
    found |= {slug: turn for slug, turn in wanted.items() if slug in asked}
    waiting = {slug: each for slug, each in asked.items() if found[slug] == NEXT}
    known = seen(list(waiting.values()), learner)
    return found | {slug: _next(each, answered[slug] | known) for slug, each in waiting.items()}


def seen(asked: list[Needed], learner: User | None) -> set[str]:
    """Of the runs that are needed, by their names, those that the learner has made."""
    if not asked or learner is None:
        return set()
    runs = Run.objects.of(learner).filter(
        trace__isnull=False,
        program__in={each.first.program.spelling() for each in asked},
    )
    rows = runs.values_list("spec", "program", "table__sha256")
    return {variant_of(spec, program, table or "") for spec, program, table in rows}


def _answered(asked: Mapping[str, Needed], learner: User | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    if not asked or learner is None:
        return found
    rows = Answer.objects.filter(learner=learner, mode=Mode.LEARN, question__slug__in=asked)
    for slug, variant in rows.values_list("question__slug", "variant"):
        found[slug].add(variant)
    return found


def _last(asked: Needed, answered: set[str]) -> int:
    """The last turn that was answered; `NEXT` where none was."""
    return max((turn for name, turn in asked.variants().items() if name in answered), default=NEXT)


def _next(asked: Needed, over: set[str]) -> int:
    """The first turn that is not over, or else the last of them all."""
    left = [turn for name, turn in asked.variants().items() if name not in over]
    return min(left, default=len(asked.variants()))
