"""Points per lesson, recomputed from the answers: each figure against a plain count."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from course.accounts.merging import merge
from course.accounts.models import User
from course.lessons.models import Lesson
from course.progress.given import Given, given
from course.progress.pages.overview import progress
from course.progress.scores import Scores, scores, tally
from course.quiz.models import Answer, Mode, Question
from course.recall.models import Memory
from tests.course.progress.rows import row, rows
from tests.course.quiz.conftest import Ask, stored
from tests.course.quiz.posting import card, place, send
from tests.course.recall.recalling import recall_option
from tests.sizes import size
from tests.staging import rolled_back
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db


def one(learner: User | None) -> Scores:
    """The scores of the only lesson."""
    (found,) = scores(learner)
    return found


def figures(found: Scores) -> tuple[float, ...]:
    return (found.reached, found.points, found.at_first, found.first_points, found.tries)


def answer(question: Question, learner: User, *options: str) -> None:
    for option in options:
        shown = card(question, learner)
        assert send(learner, shown, place(shown, option)).status == 200


def test_without_answers_everything_is_still_to_reach(ask: Ask, alice: User) -> None:
    ask()
    ask("second", points=3)
    for learner in (None, alice):
        found = one(learner)
        assert (found.questions, found.answered, found.is_done) == (2, 0, False)
        assert figures(found) == (0, 4, 0, 0, 0)


def test_the_best_counts_and_the_first_try_stands_apart(ask: Ask, alice: User, bob: User) -> None:
    first, second = ask(points=2), ask("second", points=3)
    answer(first, alice, "zero", "step")
    answer(second, alice, "step")
    answer(first, bob, "step")
    assert figures(one(alice)) == (5, 5, 3, 5, 3)
    assert one(alice).is_done
    assert figures(one(bob)) == (2, 5, 2, 2, 1)


def test_of_a_question_about_runs_the_best_run_counts(ask: Ask, alice: User, calm: Trace) -> None:
    question = ask(kind="number", key="{probe epochs}", points=2)
    for raw in ("9", "5", "8"):
        run = stored(calm, alice)
        assert send(alice, card(question, alice, run), raw).status == 200
    assert figures(one(alice)) == (2, 2, 0, 2, 3)


def test_what_was_answered_counts_as_it_was_asked(ask: Ask, alice: User) -> None:
    answer(ask(points=2), alice, "step")
    ask(points=5)
    assert figures(one(alice)) == (2, 2, 2, 2, 1)


def test_what_is_archived_counts_for_who_has_answered_it(ask: Ask, alice: User, bob: User) -> None:
    answer(ask(), alice, "step")
    ask("second")
    Question.objects.filter(slug="colour").update(archived=True)
    assert figures(one(alice)) == (1, 2, 1, 1, 1)
    assert figures(one(bob)) == (0, 1, 0, 0, 0)
    Lesson.objects.update(archived=True)
    assert figures(one(alice)) == (1, 1, 1, 1, 1)
    assert scores(bob) == []


def test_predictions_are_not_in_here(course: None, alice: User) -> None:
    told = {found.lesson.slug: found.questions for found in scores(alice)}
    assert Question.objects.filter(lesson__slug="pipeline", place="prediction").exists()
    asked = Question.objects.exclude(place="prediction").values_list("lesson__slug", flat=True)
    assert told == Counter(asked)


def test_recall_and_predictions_stand_apart(ask: Ask, alice: User, calm: Trace) -> None:
    question = ask(points=2)
    predicted = ask("guessed", place="prediction", points=3)
    answer(question, alice, "zero")
    Memory.objects.update(due=F("due") - timedelta(days=400))
    assert recall_option(question, alice, "step").status == 200
    run = stored(calm, alice)
    version = predicted.versions.get()
    for number, score in enumerate((0.0, 3.0), 1):
        Answer(
            learner=alice, question=predicted, version=version, attempt=1, raw="0", response="step",
            run=run, variant=f"r{number}", max_score=3, score=score, correct=bool(score),
        ).save()  # fmt: skip
    found = one(alice)
    assert figures(found) == (0, 2, 0, 2, 1)
    assert found.recalled == tally([row(question=question.pk, score=2.0, max_score=2.0)])
    both = found.predicted
    assert (both.answered, both.reached, both.at_first, both.tries) == (1, 3, 0, 2)


def test_a_prediction_that_waits_for_its_run_counts_for_nothing(ask: Ask, alice: User) -> None:
    question = ask(place="prediction")
    version = question.versions.get()
    Answer(
        learner=alice, question=question, version=version, attempt=1, raw="0", response="step",
        max_score=1,
    ).save()  # fmt: skip
    assert given(alice) == []
    assert scores(alice) == []


def test_a_lesson_that_only_asks_predictions_is_told_once_there_is_one(
    ask: Ask, alice: User
) -> None:
    question = ask(place="prediction")
    assert scores(alice) == []
    Answer(
        learner=alice, question=question, version=question.versions.get(), attempt=1, raw="0",
        response="step", max_score=1, score=1, correct=True,
    ).save()  # fmt: skip
    assert (one(alice).questions, one(alice).predicted.reached) == (0, 1)


def test_lessons_come_in_the_order_of_the_course(course: None) -> None:
    told = [found.lesson for found in scores(None)]
    assert told == sorted(told, key=lambda lesson: (lesson.order, lesson.slug))


def test_what_a_guest_reached_goes_along(ask: Ask, alice: User) -> None:
    first, second, guest = ask(), ask("second"), User.objects.create_guest()
    answer(first, guest, "step")
    answer(second, guest, "zero")
    answer(second, alice, "backward")
    merge(guest, alice)
    assert figures(one(alice)) == (1, 2, 1, 2, 3)
    rows = Answer.objects.filter(learner=alice)
    assert one(alice).tries == rows.count()


# -- recomputed --------------------------------------------------------------------------------


@drawn(answers=rows())
def test_a_tally_is_bounded_and_the_best_is_never_below_the_first(answers: list[Given]) -> None:
    found = tally(answers)
    best, first = defaultdict[int, float](float), dict[int, float]()
    for each in answers:
        best[each.question] = max(best[each.question], each.score)
        first.setdefault(each.question, each.score)
    assert found.reached == pytest.approx(sum(best.values()))
    assert found.at_first == pytest.approx(sum(first.values()))
    assert found.tries == len(answers) >= found.answered == len(first)
    assert 0 <= found.at_first <= found.reached <= found.points + 1e-9
    assert found.at_first <= found.first_points + 1e-9


@pytest.fixture
def two(ask: Ask) -> list[Question]:
    return [ask(), ask("second", points=3)]


KEPT = st.lists(
    st.tuples(st.booleans(), st.sampled_from(Mode.values), st.sampled_from([0.0, 0.25, 1.0])),
    max_size=12,
)


@settings(
    max_examples=size(15, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@drawn(answers=KEPT)
def test_the_page_shows_what_the_answers_come_to(
    two: list[Question], alice: User, answers: list[tuple[bool, str, float]]
) -> None:
    with rolled_back():
        counts = Counter[tuple[bool, str]]()
        for second, mode, share in answers:
            counts[second, mode] += 1
            question = two[second]
            Answer(
                learner=alice, question=question, version=question.versions.get(), mode=mode,
                attempt=counts[second, mode], raw="0", response="step", max_score=question.points,
                score=share * question.points, correct=share == 1,
            ).save()  # fmt: skip
        page = progress(alice)["course"]
    shown = {mode: _plainly(answers, mode) for mode in Mode.values}
    learnt, recalled = shown["learn"], shown["recall"]
    assert float(page["reached"]) == learnt["best"]
    assert page["points"] == "4"
    assert page["answered"] == f"{learnt['questions']} of 2"
    assert page["tries"] == learnt["tries"]
    assert page["first"] == (_of(learnt, "first") if learnt["tries"] else "–")
    assert page["recalled"]["best"] == (_of(recalled, "best") if recalled["tries"] else "–")
    assert page["recalled"]["first"] == (_of(recalled, "first") if recalled["tries"] else "–")


def _plainly(answers: list[tuple[bool, str, float]], mode: str) -> dict[str, float]:
    """Count by hand: points of 1 and 3."""
    given_: dict[bool, list[float]] = defaultdict(list)
    for second, on, share in answers:
        if on == mode:
            given_[second].append(share * (3 if second else 1))
    return {
        "best": sum(max(each) for each in given_.values()),
        "first": sum(each[0] for each in given_.values()),
        "of": sum(3 if second else 1 for second in given_),
        "questions": len(given_),
        "tries": sum(map(len, given_.values())),
    }


def _of(shown: dict[str, float], name: str) -> str:
    return f"{shown[name]:g} of {shown['of']:g}"
