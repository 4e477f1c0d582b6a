"""The page of an experiment put together: what is asked, what differs, what came."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from course.accounts.models import User
from course.lab.experiments.charts import curves
from course.lab.experiments.content import ExperimentFile
from course.lab.experiments.evidence import evidence, share
from course.lab.experiments.numbers import values_of
from course.lab.experiments.pairing import is_beside, is_of, partner
from course.quiz import markdown, roles
from course.quiz.faces import MARKS
from course.quiz.misconceptions import BELIEFS
from course.quiz.models import Stage
from trainer import differences
from trainer.engine.spec import MAX_SEED
from trainer.engine.trace import Trace
from trainer.forms import RunForm
from trainer.models import Run
from trainer.pages import badge_of, error_of, new_nonce

Context = dict[str, Any]

OTHER_PROGRAM = (
    "That run has other settings or other lines than this experiment, so it cannot be told here."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: a run, the one beside it, what was expected, the answer."""

    run: str = ""
    beside: str = ""
    said: str = ""
    show: bool = False


def address(tried: ExperimentFile, wanted: Wanted) -> str:
    """The page that shows this."""
    given = {"run": wanted.run, "beside": wanted.beside, "said": wanted.said}
    if wanted.show:
        given["show"] = "1"
    query = urlencode({name: value for name, value in given.items() if value})
    path = reverse("experiment", args=[tried.name])
    return f"{path}?{query}" if query else path


def page(tried: ExperimentFile, learner: User | None, wanted: Wanted) -> Context:
    """Everything that the page shows. Raises `Http404` for a run of somebody else."""
    run, beside = _seen(learner, wanted.run), _seen(learner, wanted.beside)
    foreign = bool(run and not is_of(run, tried.asked()))
    run = None if foreign else run
    if run and not (beside and is_beside(beside, tried, run)):
        beside = partner(learner, tried, run)
    pair = Pair(run, beside if run else None)
    said = option(tried, wanted.said)
    return (
        {
            "tried": tried,
            "claim": BELIEFS[tried.misconception],
            "belief": markdown.inline(tried.belief, {}),
            "mark": MARKS[tried.stage],
            "stage": Stage(tried.stage).label,
            "notice": OTHER_PROGRAM if foreign else "",
            "shown": pair.is_made or wanted.show,
            "show_me": address(tried, Wanted(show=True)),
            "share": share(tried),
            "options": list(enumerate(tried.options, 1)),
            "question": markdown.inline(tried.question, {}),
        }
        | _differences(tried, pair.trace)
        | _told(tried, pair, said)
        | asking(tried, run, said)
    )


@dataclass(frozen=True, slots=True)
class Pair:
    """The two runs, as far as they were made."""

    run: Run | None
    beside: Run | None

    @property
    def trace(self) -> Trace | None:
        """What the run left."""
        return self.run.load() if self.run else None

    @property
    def beside_trace(self) -> Trace | None:
        """What the run beside it left."""
        return self.beside.load() if self.beside else None

    @property
    def is_made(self) -> bool:
        """Whether both left something."""
        return self.trace is not None and self.beside_trace is not None


def option(tried: ExperimentFile, said: str) -> int:
    """The number of an option, from 1; 0 where none of them was named."""
    known = {str(number): number for number in range(1, len(tried.options) + 1)}
    return known.get(said, 0)


def asking(tried: ExperimentFile, run: Run | None, said: int) -> Context:
    """The form of the next pair: the usual seed, or the one after that of this run."""
    seed = tried.asked().spec.seed if run is None else (run.spec["seed"] + 1) % (MAX_SEED + 1)
    return {"form": RunForm(initial={"seed": seed}), "nonce": new_nonce(), "said": said}


def _seen(learner: User | None, wanted: str) -> Run | None:
    """The run that the address names, if this person may see it."""
    if not wanted:
        return None
    runs = Run.objects.visible_to(learner).select_related("trace")
    if run := runs.named(wanted).first():
        return run
    raise Http404


def _differences(tried: ExperimentFile, trace: Trace | None) -> Context:
    run, beside = tried.asked(), tried.asked_beside()
    error = trace.document["error"] if trace else None
    return {
        "lines": differences.lines(run, beside, error["line"] if error else None),
        "settings": differences.settings(run.spec, beside.spec),
        "common": differences.common(run.spec, beside.spec),
        "same_lines": run.program == beside.program,
    }


def _told(tried: ExperimentFile, pair: Pair, said: int) -> Context:
    """What came of the runs, and the texts with their numbers."""
    trace, beside = pair.trace, pair.beside_trace
    both = evidence(tried, trace, beside) if trace and beside else None
    names = roles.names(tried.look) | roles.names(tried.truth)
    values = values_of(names, trace, beside, both.figure if both else None)
    return {
        "run": pair.run,
        "beside": pair.beside,
        "badge": badge_of(pair.run) if pair.run else None,
        "beside_badge": badge_of(pair.beside) if pair.beside else None,
        "error": error_of(trace.document) if trace else None,
        "beside_error": error_of(beside.document) if beside else None,
        "evidence": both,
        "says": markdown.inline(both.says, {}) if both else "",
        "charts": curves(trace, beside) if trace and beside else [],
        "look": markdown.blocks(tried.look, values),
        "truth": markdown.blocks("\n\n".join(tried.truth.split("\n")), values),
        "expected": tried.options[said - 1] if said else "",
        "supported": said == tried.answer if said and both and both.is_there else None,
    }
