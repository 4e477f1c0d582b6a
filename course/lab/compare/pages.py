"""What the page of a comparison shows, as plain data for its template."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from course.lab.compare.charts import compared, letters
from course.lab.compare.diff import program_diff, settings_of
from course.lab.compare.spread import Ended, verdict
from course.lab.patterns import MOST
from trainer.bands import band_of
from trainer.course_runs import BAND_SEEDS
from trainer.engine.trace import Document, Trace, as_float
from trainer.models import Run
from trainer.pages import NOT_MEASURED, badge_of, error_of, new_nonce, shown

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

LATEST = 12
"""One's latest runs, to choose from where fewer than two were named."""

FEWEST = 2

Context = dict[str, Any]


def choosing(learner: "_User | None", chosen: Sequence[Run]) -> Context:
    """Fewer than two runs: a list of one's own to choose among."""
    own = Run.objects.of(learner).alone().filter(trace__isnull=False)
    names = {run.pk for run in chosen}
    rows = [
        {"id": run.id, "badge": badge_of(run), "chosen": run.pk in names, "made": run.created}
        for run in [*chosen, *(run for run in own[:LATEST] if run.pk not in names)]
    ]
    return {"rows": rows, "enough": len(rows) >= FEWEST, "chosen": list(chosen)}


def compare_page(runs: Sequence[Run], left_out: int) -> Context:
    """Two to six runs side by side."""
    runs = runs[:MOST]
    named = dict(zip(letters(len(runs)), runs, strict=True))
    traces = {name: trace for name, run in named.items() if (trace := run.load())}
    settings = settings_of([run.settings for run in runs])
    ended = [_ended(name, run) for name, run in named.items()]
    return {
        "runs": [_row(name, run, traces.get(name)) for name, run in named.items()],
        "letters": list(named),
        "left_out": left_out,
        "differing": [each for each in settings if each.differs],
        "equal": [
            {"name": each.label, "value": each.values[0]} for each in settings if not each.differs
        ],
        "programs": _programs(traces),
        "verdict": verdict(ended),
        "unseeded": [
            _seeds(each.name, named[each.name])
            for each in ended
            if each.measured is not None and not each.is_banded
        ],
        "other_data": len({_data(run) for run in runs}) > 1,
        "charts": compared(traces),
    }


def _row(name: str, run: Run, trace: Trace | None) -> Context:
    document = trace.document if trace else None
    last = document["epochs"][-1] if document and document["epochs"] else {}
    return {
        "name": name,
        "badge": badge_of(run),
        "state": run.state,
        "updates": NOT_MEASURED if document is None else document["updates"],
        "running_loss": shown(last.get("running_loss")),
        "heldout_loss": shown(last.get("heldout_loss")),
        "heldout_accuracy": shown(last.get("heldout_accuracy")),
        "why": _why(run, document),
    }


def _why(run: Run, document: Document | None) -> str:
    if document is None:
        return run.reason
    error = error_of(document)
    if error:
        return f"{error['title']}. {error['message']}"
    return str(document["epochs"][-1]["observation"]) if document["epochs"] else ""


def _programs(traces: dict[str, Trace]) -> list[Context]:
    """The first program against each other one that is not the same; equal ones once."""
    texts: dict[str, list[str]] = {}
    for name, trace in traces.items():
        texts.setdefault(trace.document["source"], []).append(name)
    (first, names), *others = texts.items() or [("", [])]
    return [
        {
            "one": " and ".join(names),
            "other": " and ".join(them),
            "lines": program_diff(first, text),
        }
        for text, them in others
    ]


def _ended(name: str, run: Run) -> Ended:
    """Figures at the end of a run that came to it. Others have none that would compare."""
    trace = run.trace.numbers if run.trace and run.is_whole else None
    family = run.trace.family if run.trace else ""
    if trace is None:
        return Ended(name, family, None, [])
    return Ended(name, family, _accuracy(trace), [_accuracy(other) for other in band_of(run)])


def _accuracy(trace: Trace) -> float | None:
    epochs = trace.document["epochs"]
    return as_float(epochs[-1]["heldout_accuracy"]) if epochs else None


def _data(run: Run) -> tuple[object, ...]:
    """What decides which rows are held out; `rows` does not."""
    return tuple(run.form().get(name) for name in ("dataset", "data_seed", "alterations"))


def _seeds(name: str, run: Run) -> Context:
    """The other seeds of a run as the form of a sweep sends them."""
    seeds = ", ".join(str(seed) for seed in BAND_SEEDS if seed != run.spec["seed"])
    own = [("setting", "seed"), ("values", seeds), ("seeds", "1"), ("lines", run.program)]
    return {"name": name, "fields": [*run.settings.items(), *own, ("nonce", new_nonce())]}
