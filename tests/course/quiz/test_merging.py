"""A guest's answers in an account: all of them, as they were, counted in the order given."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from course.accounts.merging import merge
from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz.cards import card_of
from course.quiz.files import QuestionFile
from course.quiz.models import Answer, AppendOnlyError, Question
from course.quiz.stored import write
from course.quiz.versions import current_of
from tests.course.quiz.conftest import COLOUR, Ask, stored
from tests.course.quiz.posting import card, place, send
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db

MAY_CHANGE = {"learner_id", "attempt"}
EVERYTHING_ELSE = {field.attname for field in Answer._meta.fields} - MAY_CHANGE


def contents() -> list[dict[str, object]]:
    """Every answer, without whose it is and as which attempt it counts."""
    return list(Answer.objects.order_by("pk").values(*sorted(EVERYTHING_ELSE)))


@pytest.fixture
def guest() -> User:
    return User.objects.create_guest()


def answer(question: Question, learner: User, option: str) -> None:
    shown = card(question, learner)
    assert send(learner, shown, place(shown, option)).status == 200


# -- attempts --------------------------------------------------------------------------------


def test_attempts_are_counted_together_in_the_order_given(
    ask: Ask, guest: User, alice: User
) -> None:
    question = ask(max_attempts=3)
    for learner, option in ((guest, "zero"), (alice, "backward"), (guest, "backward")):
        answer(question, learner, option)
    before = contents()
    merge(guest, alice)
    assert contents() == before
    rows = Answer.objects.order_by("pk").values_list("learner", "attempt", "matched")
    assert list(rows) == [
        (alice.pk, 1, "zero"),
        (alice.pk, 2, "backward"),
        (alice.pk, 3, "backward"),
    ]
    shown = card(question, alice)
    assert (shown.state, shown.attempts_left, shown.token) == ("spent", 0, "")
    assert list(Answer.objects.first_attempts().values_list("pk", flat=True)) == [
        rows[0][0] and before[0]["id"]
    ]


def test_a_new_guest_brings_no_new_attempt(ask: Ask, alice: User) -> None:
    question = ask(max_attempts=2)
    for option in ("backward", "zero"):
        answer(question, alice, option)
    for _ in range(2):
        guest = User.objects.create_guest()
        answer(question, guest, "step")
        merge(guest, alice)
    assert [each.attempt for each in Answer.objects.order_by("pk")] == [1, 2, 3, 4]
    before = list(Answer.objects.values())
    # What a card of before the merge would send is refused, too.
    old = card(question, User.objects.create_guest())
    assert send(alice, old, place(old, "step")).status == 409
    assert list(Answer.objects.values()) == before


def test_a_right_answer_stays_right_whatever_follows(ask: Ask, guest: User, alice: User) -> None:
    question = ask(max_attempts=3)
    answer(question, guest, "step")
    answer(question, alice, "backward")
    merge(guest, alice)
    shown = card(question, alice)
    assert (shown.state, shown.score, shown.token) == ("right", 1, "")
    assert shown.feedback
    assert shown.feedback.right


def test_a_right_number_is_the_one_shown(ask: Ask, guest: User, alice: User) -> None:
    question = ask(kind="number", key="7", max_attempts=3)
    send(guest, card(question, guest), "7")
    send(alice, card(question, alice), "8")
    merge(guest, alice)
    assert [row.text for row in card(question, alice).rows] == ["7"]


def test_a_card_of_the_guest_is_not_taken_from_the_account(
    ask: Ask, guest: User, alice: User
) -> None:
    question = ask()
    shown = card(question, guest)
    answer(question, guest, "zero")
    merge(guest, alice)
    refused = send(alice, shown, place(shown, "step"))
    assert refused.status == 409
    assert refused.card.token
    assert Answer.objects.count() == 1


def test_answers_about_runs_follow_their_runs(
    ask: Ask, guest: User, alice: User, calm: Trace
) -> None:
    question = ask(kind="number", key="{probe epochs}")
    for learner in (guest, alice):
        run = stored(calm, learner)
        send(learner, card(question, learner, run), "5")
    before = contents()
    merge(guest, alice)
    assert contents() == before
    assert [each.attempt for each in Answer.objects.all()] == [1, 1]
    assert {each.run and each.run.owner for each in Answer.objects.all()} == {alice}


def test_answers_about_a_run_of_the_course_are_counted_together(
    ask: Ask, guest: User, alice: User, calm: Trace
) -> None:
    question, run = ask(kind="number", key="{probe epochs}"), stored(calm, None, "calm")
    for learner in (guest, alice):
        send(learner, card(question, learner, run), "4")
    merge(guest, alice)
    assert [each.attempt for each in Answer.objects.order_by("pk")] == [1, 2]


def test_others_keep_theirs(ask: Ask, guest: User, alice: User, bob: User) -> None:
    question = ask()
    answer(question, bob, "zero")
    theirs = Answer.objects.values().get(learner=bob)
    answer(question, guest, "zero")
    merge(guest, alice)
    assert Answer.objects.values().get(learner=bob) == theirs


def test_a_merge_is_the_only_way(ask: Ask, guest: User, alice: User) -> None:
    answer(ask(), guest, "zero")
    for change in ({"learner": alice}, {"attempt": 2}, {"score": 1}):
        with pytest.raises(AppendOnlyError):
            Answer.objects.update(**change)
    with pytest.raises(TypeError):
        Answer.objects.hand_over(alice.pk, score=1)  # type: ignore[call-arg]


# -- whatever was done -----------------------------------------------------------------------


class AnyHistory(TestCase):
    """Any order of answers by an account and several guests, merged one after the other."""

    def setUp(self) -> None:
        lesson = Lesson.objects.create(slug="lesson", title="Lesson")
        content = COLOUR.from_json(COLOUR.as_json() | {"max_attempts": 3})
        for slug in ("one", "two"):
            write(QuestionFile(slug, "quiz", "loss", 1, content), lesson.pk, "")
        self.questions = [current_of(question.pk) for question in Question.objects.all()]

    @given(
        steps=st.lists(
            st.tuples(
                st.integers(0, 2), st.integers(0, 1), st.sampled_from(["backward", "zero", "step"])
            ),
            max_size=14,
        ),
        order=st.permutations([1, 2]),
    )
    def test_merging_conserves_answers(
        self, steps: list[tuple[int, int, str]], order: list[int]
    ) -> None:
        alice = User.objects.create_user("alice", "a-long-password")
        people = [alice, User.objects.create_guest(), User.objects.create_guest()]
        for who, which, option in steps:
            self._answer(people[who], which, option)
        before = contents()
        first = dict[int, int]()
        for row in before:
            first.setdefault(int(str(row["question_id"])), int(str(row["id"])))
        for guest in order:
            assert merge(people[guest], alice)
            assert not merge(people[guest], alice)
        assert contents() == before
        assert not Answer.objects.exclude(learner=alice).exists()
        attempts = defaultdict(list)
        for answered in Answer.objects.order_by("pk"):
            attempts[answered.question_id].append(answered.attempt)
        for numbers in attempts.values():
            assert numbers == list(range(1, len(numbers) + 1))
        assert {a.question_id: a.pk for a in Answer.objects.first_attempts()} == first
        self._cards_agree(alice)

    def _answer(self, learner: User, which: int, option: str) -> None:
        version = self.questions[which]
        shown = card_of(version, learner, None)
        open_rows = [row for row in shown.rows if row.open and option in row.text]
        if shown.token and open_rows:
            assert send(learner, shown, open_rows[0].value).status == 200

    def _cards_agree(self, alice: User) -> None:
        """Whoever is offered a card can use it, and nobody gets more attempts than there are."""
        for version in self.questions:
            given_answers = Answer.objects.filter(learner=alice, question=version.question)
            shown = card_of(version, alice, None)
            over = given_answers.filter(correct=True).exists() or given_answers.count() >= 3
            assert shown.is_over == over
            if not over:
                row = next(row for row in shown.rows if row.open)
                assert send(alice, shown, row.value).status == 200
