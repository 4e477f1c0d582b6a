"""A data set goes for good: its values are nowhere in the database any more, whoever deletes."""

from collections.abc import Callable
from struct import pack

import pytest
from django.core.cache import cache
from django.db import connection, models

from course.accounts import people
from course.accounts.merging import merge
from course.accounts.models import User
from course.lab.data.deleting import Lost, delete, would_be_lost
from course.progress.scores import scores
from course.quiz import predictions
from course.quiz.cards import cards_for
from course.quiz.models import Answer
from course.quiz.reply import reply
from course.quiz.versions import current
from course.replays import replay
from tests.browser.places import LESSONS
from tests.course.quiz.posting import card, nobody
from tests.staging import browser, short, stored
from tests.tables import CANARY, CANARY_NAME, csv_of, own_table, run_on
from trainer.bands import make_band
from trainer.models import Run, StoredTrace
from trainer.own_tables import OwnTable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

ANSWERED = ("pipeline", "preprocessing", "prediction-trace")
"""Lessons whose questions ask for values of the data, too."""

NAMES = ("width", CANARY_NAME, "kind")
SIGNS = (CANARY.encode(), CANARY[:6].encode(), CANARY_NAME.encode(), pack("<f", float(CANARY)))
"""How its values may stand somewhere: as text, as a 32-bit float in text or bytes, as a name."""


def everything() -> bytes:
    """Every value of every table, as text and as bytes."""
    found: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                found += map(as_bytes, row)
    return b"\0".join(found)


def as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def signs() -> list[bytes]:
    kept = everything()
    return [sign for sign in SIGNS if sign in kept]


def used(owner: User) -> OwnTable:
    """A table with runs of every kind, a band, answers and predictions on it."""
    table = own_table(owner, raw=csv_of(NAMES))
    run = run_on(table, seed="7")
    make_band(run, owner)
    run_on(table, "forward,loss,backward,backward,step")
    run_on(table, optimizer="sgd", lr="1e9")
    run_on(table, alterations="label-leak")
    for lesson in ANSWERED:
        answer_all(owner, run, lesson)
    predict(owner, run)
    return table


def answer_all(learner: User, run: Run, lesson: str) -> None:
    """One answer to every question that this run can be asked."""
    for version in current(lesson).exclude(question__place="prediction"):
        shown = card(version.question, learner, run)
        if not shown.is_over and shown.token:
            raw = "0" if shown.kind == "choice" else "7"
            reply(learner, nobody, {"token": shown.token, "response": raw, "confidence": "sure"})


def predict(learner: User, run: Run) -> None:
    form = dict[str, str]()
    for asked in predictions.cards("pipeline", learner, None):
        form[asked.field] = "0" if asked.kind == "choice" else "12.5"
        form[f"{asked.field}-token"] = asked.token
    predictions.lock(learner, run, predictions.parse("pipeline", learner, form))
    predictions.settle(run)


def erased(table: OwnTable) -> None:
    people.erase(User.objects.get(pk=table.owner_id))


def merged_and_deleted(table: OwnTable) -> None:
    account = User.objects.create_user("account", "a-long-password")
    own_table(account, raw=csv_of(NAMES))
    assert merge(table.owner, account)
    delete(OwnTable.objects.get())


def deleted_by_staff(table: OwnTable) -> None:
    staff = User.objects.create_superuser("staff", "a-long-password")
    at = f"/admin/accounts/user/{table.owner_id}/delete/"
    assert browser(staff).post(at, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=table.owner_id).exists()


def posted(table: OwnTable) -> None:
    at = f"/lab/data/{table.pk}/"
    assert browser(table.owner).post(at, {"sure": "on"}).status_code == 303


@pytest.mark.parametrize("end", [delete, posted, erased, deleted_by_staff, merged_and_deleted])
def test_nothing_of_it_is_left(end: Callable[[OwnTable], object]) -> None:
    guest = User.objects.create_guest()
    table = used(guest)
    kept = stored(short(), guest)
    assert signs() == list(SIGNS)
    traces = StoredTrace.objects.filter(table=table).count()
    assert traces > 12
    end(table)
    assert signs() == []
    assert not OwnTable.objects.exists()
    assert not StoredTrace.objects.exclude(table=None).exists()
    assert not Run.objects.exclude(table=None).exists()
    assert Run.objects.filter(pk=kept.pk).exists() == (end not in (erased, deleted_by_staff))


def test_another_s_same_file_and_its_runs_stay(alice: User) -> None:
    guest = User.objects.create_guest()
    mine, theirs = own_table(alice, raw=csv_of(NAMES)), own_table(guest, raw=csv_of(NAMES))
    run = run_on(theirs)
    run_on(mine)
    delete(mine)
    run.refresh_from_db()
    assert run.load()
    assert OwnTable.objects.get() == theirs
    assert delete(mine) == Lost(0, 0)


def test_answers_keep_what_was_said_and_its_points(alice: User) -> None:
    table = used(alice)
    before = {answer.pk: answer for answer in Answer.objects.filter(learner=alice)}
    on_it = {pk for pk, answer in before.items() if answer.run and answer.run.table_id == table.pk}
    reached = [(each.reached, each.tries) for each in scores(alice)]
    lost = would_be_lost(table)
    assert lost == Lost(4 + 1, len(on_it))  # one was made for a question that needs a run
    assert lost.answers > 10
    assert delete(table) == lost
    for answer in Answer.objects.filter(learner=alice):
        was = before.pop(answer.pk)
        assert (answer.raw, answer.score, answer.correct) == (was.raw, was.score, was.correct)
        if answer.pk in on_it:
            assert (answer.run, answer.evidence, answer.gap) == (None, {}, None)
        else:
            assert answer.evidence == was.evidence
    assert before == {}
    assert [(each.reached, each.tries) for each in scores(alice)] == reached


def test_cards_and_pages_go_on_without_the_run(alice: User) -> None:
    table = used(alice)
    delete(table)
    run = stored(short(), alice)
    for lesson in ("pipeline", *LESSONS):
        assert cards_for(list(current(lesson)), alice, run)
    client = browser(alice)
    for at in ("/", "/pipeline/", "/progress/", "/runs/", "/account/export.json"):
        assert client.get(at).status_code == 200
    for lesson in LESSONS:
        assert client.get(f"/lessons/{lesson}/").status_code == 200


def test_a_run_with_answers_cannot_go_in_any_other_way(alice: User) -> None:
    table = used(alice)
    with pytest.raises(models.RestrictedError):
        table.delete()


def test_replays_on_it_are_not_remembered(alice: User) -> None:
    on_it, other = run_on(own_table(alice)).load(), short()
    cache.clear()
    assert on_it
    assert replay("columns", on_it, 0) == replay("columns", on_it, 0)
    assert replay("columns", on_it, 99) is None
    assert not cache._cache  # type: ignore[attr-defined]
    replay("columns", other, 0)
    assert len(cache._cache) == 1  # type: ignore[attr-defined]
