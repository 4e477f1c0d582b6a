"""Everything that the site holds of a person, as plain data: for the person, or for a machine.

Of an answer it tells what was said and what that was worth. How far off a number was, and what
the run would have said, stays out: with attempts left that would be the right answer.
"""

from typing import Any

from django.utils import timezone

from course.accounts.models import User
from course.progress.contents import contents, said
from course.progress.given import given
from course.quiz import export as quiz
from course.quiz.models import Answer
from course.recall import export as recall
from trainer.engine.trace import number
from trainer.models import Run, Sweep
from trainer.own_tables import OwnTable

SCHEMA = 1


def export(person: User) -> dict[str, Any]:
    """Strict JSON once it is written out; times are ISO 8601 in UTC."""
    return {
        "schema": SCHEMA,
        "exported": timezone.now().isoformat(),
        "profile": _profile(person),
        "data_sets": [_table(table) for table in OwnTable.objects.of(person).order_by("created")],
        "runs": [_run(run) for run in _runs(person)],
        "sweeps": [_sweep(sweep) for sweep in person.sweeps.order_by("created", "id")],
        "answers": _answers(person),
        "hints": quiz.hints(person),
        "recall": recall.export(person),
    }


def _profile(person: User) -> dict[str, Any]:
    return {
        "kind": "guest" if person.is_guest else "account",
        "handle": person.handle,
        "name": person.username,
        "email": person.email,
        "joined": person.joined.isoformat(),
        "last_seen": person.last_seen.isoformat(),
        "last_login": person.last_login.isoformat() if person.last_login else None,
    }


def _table(table: OwnTable) -> dict[str, Any]:
    return {
        "id": table.pk,
        "created": table.created.isoformat(),
        "name": table.name,
        "sha256": table.sha256,
        "table": table.text,
    }


def _runs(person: User) -> list[Run]:
    own = Run.objects.of(person).select_related("trace").order_by("created", "id")
    return list(own.defer("trace__document", "trace__tensors"))


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "created": run.created.isoformat(),
        "status": run.state,
        "spec": run.spec,
        "data_set": run.table_id,
        "program": run.program,
        "sweep": run.sweep_id,
        "reasons": run.reasons,
        "duration_ms": run.duration_ms,
        "key": run.trace.key if run.trace else None,
        "digest": run.trace.digest if run.trace else None,
    }


def _sweep(sweep: Sweep) -> dict[str, Any]:
    return {
        "id": sweep.id,
        "created": sweep.created.isoformat(),
        "status": sweep.status,
        "spec": sweep.spec,
        "program": sweep.program,
        "setting": sweep.setting,
        "values": sweep.values,
        "seeds": sweep.seeds,
    }


def _answers(person: User) -> list[dict[str, Any]]:
    stored = Answer.objects.filter(learner=person).order_by("pk")
    told = stored.select_related("question__lesson", "version").defer("version__content")
    shown = _shown(person)
    return [_answer(answer) | {"misconceptions": shown.get(answer.pk, [])} for answer in told]


def _shown(person: User) -> dict[int, list[str]]:
    """All beliefs that each answer shows."""
    rows = given(person)
    return {each.given.pk: sorted(each.shows) for each in said(rows, contents(rows))}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.pk,
        "created": answer.created.isoformat(),
        "lesson": answer.question.lesson.slug,
        "question": answer.question.slug,
        "version": answer.version.number,
        "run": answer.run_id,
        "mode": answer.mode,
        "attempt": answer.attempt,
        "shown": answer.shown,
        "raw": answer.raw,
        "response": answer.response,
        "confidence": answer.confidence,
        "hints": answer.hints,
        "correct": answer.correct,
        "score": None if answer.score is None else number(answer.score),
        "ungraded": answer.ungraded,
        "max_score": number(answer.max_score),
        "misconception": answer.misconception,
    }
