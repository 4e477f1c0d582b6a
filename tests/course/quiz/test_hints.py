"""Hints: one at a time, to who asks; kept, counted, and worth no points."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from course.accounts.merging import merge
from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz import checks, hints, versions
from course.quiz.content import Content
from course.quiz.files import QuestionFile
from course.quiz.models import Answer, AppendOnlyError, HintTaken, Mode, Place, Question
from course.quiz.parts import Card
from course.quiz.refusals import NotACardError, NotYoursError
from course.quiz.reply import Reply, reply
from course.quiz.stored import write
from course.quiz.tokens import Token
from tests.course.quiz.conftest import COLOUR, Ask, stored
from tests.course.quiz.examples import EXAMPLES
from tests.course.quiz.posting import card, nobody, send, snapshot
from tests.course.quiz.test_cards import canaries, html
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db

HINTS = "CANARY-first hint.\nCANARY-second hint."
NUMBER = {"kind": "number", "key": "7", "hints": HINTS, "max_attempts": 3}


def wish(
    learner: User | None, shown: Card, mode: str = Mode.LEARN, number: object = "", **more: str
) -> Reply:
    """Press the button that shows a hint; with `number`, one that it need not offer."""
    form = {"token": shown.token, "hint": str(number or shown.next_hint)} | more
    return reply(learner, nobody, form, Mode(mode))


# -- one at a time ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_hint_shows_before_it_is_asked_for(
    ask: Ask, alice: User, calm: Trace, name: str
) -> None:
    content, run = EXAMPLES[name], stored(calm, None)
    question = ask(**asdict(content) | {"options": content.options, "hints": HINTS})
    for learner in (alice, None):
        assert canaries(card(question, learner, run)) == set()
    first = wish(alice, card(question, alice, run)).card
    assert canaries(first) == {"CANARY-first"}
    assert canaries(wish(alice, first).card) == {"CANARY-first", "CANARY-second"}


def test_the_button_says_how_many_are_left(ask: Ask, alice: User) -> None:
    shown = card(ask(**NUMBER), alice)
    assert (shown.next_hint, shown.hints_left) == (1, 2)
    assert "Show a hint (2 left)" in html(shown)
    first = wish(alice, shown).card
    assert (first.next_hint, first.hints_left) == (2, 1)
    second = wish(alice, first).card
    assert (second.next_hint, second.hints_left) == (0, 0)
    assert "Show a hint" not in html(second)


def test_a_hint_stays_and_only_a_fresh_one_takes_the_reader_to_it(ask: Ask, alice: User) -> None:
    question = ask(**NUMBER)
    fresh = wish(alice, card(question, alice)).card
    assert html(fresh).count(" autofocus") == 1
    again = card(question, alice)  # with a token of its own, which tells the time
    assert again == replace(fresh, hinted=False, token=again.token)
    assert " autofocus" not in html(again)


def test_the_same_request_again_adds_nothing(ask: Ask, alice: User) -> None:
    shown = card(ask(**NUMBER), alice)
    for _ in range(3):
        again = wish(alice, shown)
        assert (again.status, again.card.hints) == (200, ("CANARY-first hint.",))
    assert HintTaken.objects.count() == 1


def test_what_was_typed_stays(ask: Ask, alice: User) -> None:
    shown = card(ask(**NUMBER), alice)
    after = wish(alice, shown, response="1e", confidence="sure").card
    assert (after.typed, after.confidence, after.error) == ("1e", "sure", "")
    assert 'value="1e"' in html(after)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "number", ["2", "3", "0", "-1", "1.0", " 1", "x", "\x00", "\u0661", "9" * 5000]
)
def test_a_hint_that_is_not_offered_is_refused(ask: Ask, alice: User, number: str) -> None:
    shown = card(ask(**NUMBER), alice)
    before = snapshot(HintTaken, Answer)
    with pytest.raises(NotACardError):
        wish(alice, shown, number=number)
    with pytest.raises(NotACardError):
        wish(None, replace(shown, token=_of_a_visitor(shown)), number=number)
    assert snapshot(HintTaken, Answer) == before


def test_a_question_without_hints_offers_none(ask: Ask, alice: User) -> None:
    shown = card(ask(), alice)
    assert "hint" not in html(shown).lower()
    with pytest.raises(NotACardError):
        wish(alice, shown, number=1)


def test_a_visitor_becomes_a_learner_by_taking_one(ask: Ask) -> None:
    shown = card(ask(**NUMBER))
    made = reply(None, User.objects.create_guest, {"token": shown.token, "hint": "1"})
    assert made.card.hints == ("CANARY-first hint.",)
    assert HintTaken.objects.get().learner == User.objects.get()
    assert Token.read(made.card.token).learner == User.objects.get().pk


def _of_a_visitor(shown: Card) -> str:
    return replace(Token.read(shown.token), learner=0).signed()


# -- whose, and when -------------------------------------------------------------------------


def test_the_card_of_another_learner_shows_nothing(ask: Ask, alice: User, bob: User) -> None:
    shown = card(ask(**NUMBER), alice)
    refused = wish(bob, shown)
    assert (refused.status, refused.card.hints) == (409, ())
    assert not HintTaken.objects.exists()
    wish(alice, shown)
    assert card(Question.objects.get(), bob).hints == ()


def test_the_run_of_another_does_not_exist(ask: Ask, alice: User, bob: User, calm: Trace) -> None:
    question = ask(kind="number", key="{probe steps_run}", hints=HINTS)
    shown = card(question, alice, stored(calm, alice))
    with pytest.raises(NotYoursError):
        wish(bob, shown)


def test_no_hint_comes_when_it_is_over(ask: Ask, alice: User) -> None:
    question = ask(**NUMBER)
    shown = card(question, alice)
    send(alice, shown, "7")
    late = wish(alice, shown)
    assert (late.status, late.card.state, late.card.hints) == (409, "right", ())
    assert canaries(late.card) == set()
    forged = replace(Token.read(shown.token), attempt=2).signed()
    assert wish(alice, replace(shown, token=forged)).status == 409
    assert not HintTaken.objects.exists()


def test_hints_stay_for_the_next_attempt(ask: Ask, alice: User) -> None:
    shown = card(ask(**NUMBER), alice)
    wish(alice, shown)
    again = send(alice, shown, "8").card
    assert (again.state, again.hints, again.next_hint) == ("again", ("CANARY-first hint.",), 2)
    assert wish(alice, shown).status == 409
    assert len(wish(alice, again).card.hints) == 2
    assert list(HintTaken.objects.values_list("attempt", "number")) == [(1, 1), (2, 2)]


def test_a_card_of_before_an_edit_gets_its_own_hints(ask: Ask, alice: User) -> None:
    question = ask(**NUMBER)
    shown = card(question, alice)
    question.hints, question.prompt = "CANARY-other hint.", "What now?"
    question.save()
    versions.publish(question)
    after = wish(alice, shown).card
    assert (after.prompt, after.hints) == ("What?", ("CANARY-first hint.",))
    assert Token.read(after.token).version == Token.read(shown.token).version
    now = card(question, alice)
    assert (now.prompt, now.hints, now.hints_left) == ("What now?", (), 1)


def test_each_run_has_hints_of_its_own(
    ask: Ask, alice: User, calm: Trace, published: Trace
) -> None:
    question = ask(kind="number", key="{probe last_running_loss}", hints=HINTS)
    first, second = stored(calm, alice), stored(published, alice)
    wish(alice, card(question, alice, first))
    assert len(card(question, alice, first).hints) == 1
    assert card(question, alice, second).hints == ()


def test_a_hint_without_its_number_is_left_out_and_the_others_keep_theirs(
    ask: Ask, alice: User, calm: Trace
) -> None:
    question = ask(**NUMBER | {"hints": "It ran {probe steps_run} steps.\nCANARY-plain."})
    without = card(question, alice)
    assert (without.next_hint, without.hints_left) == (2, 1)
    assert wish(alice, without).card.hints == ("CANARY-plain.",)
    beside = card(question, alice, stored(calm, alice))
    assert (beside.hints, beside.next_hint) == (("CANARY-plain.",), 1)
    assert wish(alice, beside).card.hints == ("It ran 50 steps.", "CANARY-plain.")


# -- what is told of them --------------------------------------------------------------------


def test_the_reply_and_the_answer_say_how_many_were_taken(ask: Ask, alice: User) -> None:
    shown = card(ask(**NUMBER), alice)
    send(alice, shown, "8")
    again = card(Question.objects.get(), alice)
    wish(alice, wish(alice, again).card)
    feedback = send(alice, again, "7").card.feedback
    assert feedback
    assert feedback.marks == ("You took 2 hints.",)
    assert list(Answer.objects.order_by("pk").values_list("hints", flat=True)) == [0, 2]


def test_hints_taken_do_not_change(ask: Ask, alice: User) -> None:
    wish(alice, card(ask(**NUMBER), alice))
    with pytest.raises(AppendOnlyError):
        HintTaken.objects.update(number=2)
    with pytest.raises(AppendOnlyError):
        HintTaken.objects.get().save()


def test_a_guest_brings_hints_along_and_none_counts_twice(ask: Ask, alice: User) -> None:
    question = ask(**NUMBER)
    guest = User.objects.create_guest()
    first = wish(guest, card(question, guest)).card
    wish(guest, first)
    wish(alice, card(question, alice))
    merge(guest, alice)
    rows = HintTaken.objects.order_by("number").values_list("learner", "number")
    assert list(rows) == [(alice.pk, 1), (alice.pk, 2)]
    shown = card(question, alice)
    assert len(shown.hints) == 2
    send(alice, shown, "7")
    assert Answer.objects.get().hints == 2


class TheScore(TestCase):
    """No hint, however many and however often asked for, changes what an answer is worth."""

    @given(st.lists(st.sampled_from(["1", "2", "8", "7"]), max_size=6))
    def test_it_is_the_same_with_hints_and_without(self, raws: list[str]) -> None:
        lesson, _ = Lesson.objects.get_or_create(slug="lesson", defaults={"title": "Lesson"})
        content = Content(
            kind="number", prompt="What?", key="7", half_tolerance=1.0, points=2, max_attempts=3,
            nudge="No.", explanation="Because.", hints=HINTS,
        )  # fmt: skip
        write(QuestionFile("score", "quiz", "loss", 1, content), lesson.pk, "")
        question = Question.objects.get(slug="score")
        plain, helped = User.objects.create_guest(), User.objects.create_guest()
        for raw in raws:
            shown = card(question, helped)
            while shown.next_hint:
                wish(helped, shown)
                shown = wish(helped, shown).card
            for learner in (plain, helped):
                if (open_card := card(question, learner)).token:
                    send(learner, open_card, raw)
        scores = [
            list(Answer.objects.filter(learner=who).values_list("attempt", "score", "correct"))
            for who in (plain, helped)
        ]
        assert scores[0] == scores[1]
        assert HintTaken.objects.filter(learner=helped).count() == (2 if raws else 0)


# -- for authors -----------------------------------------------------------------------------


def slips(**fields: object) -> list[str]:
    content = replace(COLOUR, **fields)  # type: ignore[arg-type]
    return [slip.reason for slip in checks.problems(content)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"hints": "One.\n\nTwo."}, "hints: one is empty."),
        ({"hints": "It is `optimizer.step()` here."}, "hints: 'optimizer.step()' is the right"),
        ({"hints": "{probe nonsense} it is."}, "probe 'nonsense' does not exist."),
        ({"hints": "{probe ran.steps_run} ran."}, "nothing has run before there is an answer."),
    ],
)
def test_what_is_wrong_with_a_hint_is_said(fields: dict[str, object], reason: str) -> None:
    assert [each for each in slips(**fields) if reason in each]
    assert slips(hints="Look at each line in turn.\nWhich one writes?") == []


@pytest.mark.parametrize(
    ("key", "hint", "found"),
    [
        ("12.5", "It is 12.5, rounded.", True),
        ("12.5", "It is not 112.5 and not 12.55.", False),
        ("50", "Fewer than 500, more than 5.", False),
        ("{probe steps_run}", "Of {probe steps_run} steps.", True),
        ("{probe steps_run}", "Of {probe epochs} epochs.", False),
    ],
)
def test_a_hint_must_not_give_the_number_away(key: str, hint: str, *, found: bool) -> None:
    content = Content(
        kind="number", prompt="?", key=key, nudge="No.", explanation="So.", hints=hint
    )
    assert bool(list(hints.giveaways(content))) is found
    assert bool(checks.problems(content)) is found


def test_a_hint_must_not_name_the_shape_or_the_line() -> None:
    shape = Content(kind="shape", prompt="?", key="(5, 2)", explanation="So.", hints="A (5, 2).")
    assert list(hints.giveaways(shape)) == [(1, "(5, 2)")]
    faulty = replace(EXAMPLES["faulty-line"], hints=f"See {EXAMPLES['faulty-line'].key}.")
    assert list(hints.giveaways(faulty))


def test_a_prediction_has_none() -> None:
    found = checks.problems(replace(COLOUR, hints="Look."), Place.PREDICTION)
    assert [slip.reason for slip in found] == ["hints: what is asked ahead of its run has none."]


def test_a_version_of_before_there_were_hints_is_the_same_version() -> None:
    given = COLOUR.as_json()
    assert "hints" not in given
    assert Content.from_json(given) == COLOUR
    assert replace(COLOUR, hints="Look.").as_json()["hints"] == "Look."
