"""What an instructor finds in the admin site."""

import re
from typing import Any, cast

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz import versions
from course.quiz.models import Answer, Choice, Question
from course.quiz.reply import reply
from tests.course.quiz.conftest import Ask, stored
from tests.course.quiz.posting import card, nobody, send
from trainer.engine.trace import Trace

pytestmark = pytest.mark.django_db


@pytest.fixture
def instructor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ines", "a-long-password"))
    return client


def answered(question: Question, learner: User, raw: str = "0") -> Answer:
    send(learner, card(question, learner), raw)
    return Answer.objects.latest("pk")


def form_of(question: Question, **changes: object) -> dict[str, Any]:
    """The fields that the browser would send for a question as it stands."""
    names = (
        "slug", "lesson_id", "place", "stage", "order", "kind", "prompt", "note", "key",
        "tolerance", "points", "max_attempts", "nudge", "explanation",
    )  # fmt: skip
    fields = {name.removesuffix("_id"): getattr(question, name) for name in names}
    choices = list(question.choices.all())
    for index, choice in enumerate(choices):
        parts = ("id", "name", "order", "text", "value", "misconception", "feedback", "evidence")
        fields |= {f"choices-{index}-{part}": getattr(choice, part) for part in parts}
        fields |= {f"choices-{index}-correct": "on"} if choice.correct else {}
        fields[f"choices-{index}-question"] = question.pk
    for prefix, count in (("choices", len(choices)), ("versions", 0)):
        fields |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": count}
    return {name: "" if value is None else value for name, value in (fields | changes).items()}


def save(client: Client, question: Question, **changes: object) -> HttpResponse:
    address = reverse("admin:quiz_question_change", args=[question.pk])
    return cast("HttpResponse", client.post(address, form_of(question, **changes)))


# -- questions -----------------------------------------------------------------------------


def test_saving_publishes_a_version_with_its_options(instructor: Client, ask: Ask) -> None:
    question = ask()
    response = save(instructor, question, prompt="Better?", **{"choices-2-feedback": "A.\r\nB."})
    assert response.status_code == 302
    latest = versions.current_of(question.pk)
    assert (latest.number, latest.content["prompt"]) == (2, "Better?")
    assert latest.content["options"][2]["feedback"] == "A.\nB."


def test_saving_unchanged_publishes_nothing(instructor: Client, ask: Ask) -> None:
    question = ask()
    assert save(instructor, question).status_code == 302
    assert question.versions.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"prompt": "{probe no_such_thing}"}, "no_such_thing"),
        ({"choices-0-correct": ""}, "mark one option as right"),
        ({"choices-1-feedback": ""}, "has no feedback"),
        ({"choices-1-misconception": "moon-is-cheese"}, "not in the catalogue"),
        ({"kind": "number"}, "key"),
        ({"max_attempts": "0"}, "At least one point and one attempt"),
    ],
)
def test_what_cannot_be_published_is_not_saved(
    instructor: Client, ask: Ask, changes: dict[str, object], said: str
) -> None:
    question = ask()
    response = save(instructor, question, **changes)
    assert response.status_code == 200
    assert said in response.content.decode()
    question.refresh_from_db()
    assert question.prompt != changes.get("prompt")
    assert question.versions.count() == 1


def test_the_preview_shows_the_card_and_every_reply(
    instructor: Client, ask: Ask, calm: Trace
) -> None:
    stored(calm, None, "calm")
    question = ask(explanation="It took {probe epochs} epochs.")
    page = instructor.get(reverse("admin:quiz_question_preview", args=[question.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    for expected in ("CANARY-feedback of backward.", "It took 5 epochs.", "Check", "changes the w"):
        assert expected in text


def test_the_preview_shows_every_hint(instructor: Client, ask: Ask) -> None:
    question = ask(hints="CANARY-first.\nCANARY-second.")
    page = instructor.get(reverse("admin:quiz_question_preview", args=[question.pk]))
    assert b"CANARY-first." in page.content
    assert b"CANARY-second." in page.content


def test_the_preview_works_before_the_course_has_runs(instructor: Client, ask: Ask) -> None:
    question = ask(kind="number", key="{probe epochs}")
    page = instructor.get(reverse("admin:quiz_question_preview", args=[question.pk]))
    assert "no such thing" in page.content.decode()


def test_the_preview_is_for_staff(client: Client, ask: Ask, alice: User) -> None:
    address = reverse("admin:quiz_question_preview", args=[ask().pk])
    assert client.get(address).status_code == 302
    alice.is_staff = True
    alice.save()
    client.force_login(alice)
    assert client.get(address).status_code == 403
    alice.user_permissions.add(Permission.objects.get(codename="view_question"))
    assert client.get(address).status_code == 200


def test_a_question_with_answers_cannot_be_deleted(
    instructor: Client, ask: Ask, alice: User
) -> None:
    question = ask()
    answered(question, alice)
    address = reverse("admin:quiz_question_delete", args=[question.pk])
    page = instructor.post(address, {"post": "yes"})
    assert page.status_code in (200, 403)
    bulk = {"action": "delete_selected", "_selected_action": question.pk, "post": "yes"}
    instructor.post(reverse("admin:quiz_question_changelist"), bulk)
    assert Question.objects.filter(pk=question.pk).exists()


# -- answers ---------------------------------------------------------------------------------


def test_answers_are_looked_at_and_not_touched(instructor: Client, ask: Ask, alice: User) -> None:
    answer = answered(ask(), alice)
    change = reverse("admin:quiz_answer_change", args=[answer.pk])
    page = instructor.get(change)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert instructor.post(change, {"score": 1}).status_code == 403
    assert instructor.get(reverse("admin:quiz_answer_add")).status_code == 403
    delete = reverse("admin:quiz_answer_delete", args=[answer.pk])
    assert instructor.post(delete, {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": answer.pk, "post": "yes"}
    instructor.post(reverse("admin:quiz_answer_changelist"), bulk)
    before = answer.score
    answer.refresh_from_db()
    assert answer.score == before


def test_answers_go_with_a_person_who_is_deleted(instructor: Client, ask: Ask, alice: User) -> None:
    answered(ask(), alice)
    address = reverse("admin:accounts_user_delete", args=[alice.pk])
    assert instructor.post(address, {"post": "yes"}).status_code == 302
    assert not Answer.objects.exists()


def test_what_a_learner_typed_is_inert(instructor: Client, ask: Ask, alice: User) -> None:
    answer = answered(ask(), alice)
    attack = "<script>alert(1)</script>"
    Answer(
        learner=alice, question=answer.question, version=answer.version, attempt=9, raw=attack,
        response=attack, max_score=1, score=0, correct=False,
    ).save()  # fmt: skip
    page = instructor.get(reverse("admin:quiz_answer_changelist")).content.decode()
    assert attack not in page
    assert "&lt;script&gt;" in page


def test_an_answer_says_how_many_hints_were_taken(
    instructor: Client, ask: Ask, alice: User
) -> None:
    question = ask(hints="One.\nTwo.")
    shown = card(question, alice)
    for number in ("1", "2"):
        reply(alice, nobody, {"token": shown.token, "hint": number})
    answered(question, alice)
    page = instructor.get(reverse("admin:quiz_answer_changelist")).content.decode()
    assert '<td class="field-hints">2</td>' in page


def test_a_guest_s_score_is_called_unverified(instructor: Client, ask: Ask, alice: User) -> None:
    question, guest = ask(), User.objects.create_guest()
    for learner, said in ((alice, False), (guest, True)):
        answer = answered(question, learner)
        address = reverse("admin:quiz_answer_changelist")
        page = instructor.get(f"{address}?q={learner.handle}").content.decode()
        assert f"{answer.score:g} of 1" in page
        assert ("unverified" in page) == said
        own = instructor.get(reverse("admin:quiz_answer_change", args=[answer.pk]))
        assert ("unverified" in own.content.decode()) == said


# -- lists -----------------------------------------------------------------------------------


LISTS = [
    ("admin:quiz_answer_changelist", "?correct__exact=0&confidence__exact=&attempt=1&q=alice"),
    ("admin:quiz_question_changelist", "?kind__exact=choice&archived__exact=0&q=colour"),
    ("admin:lessons_lesson_changelist", "?archived__exact=0&q=lesson"),
]


@pytest.mark.parametrize(("name", "query"), LISTS)
def test_a_list_takes_few_queries_however_long(
    instructor: Client,
    ask: Ask,
    name: str,
    query: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(12):
        learner = User.objects.create_user(f"alice{number}", "a-long-password")
        answered(ask(slug=f"colour-{number}"), learner)
    instructor.get(reverse(name))
    for suffix in ("", query):
        with django_assert_max_num_queries(12):
            assert instructor.get(reverse(name) + suffix).status_code == 200


def test_every_page_of_the_course_in_the_admin_answers(
    instructor: Client,
    course: None,
    alice: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    pages = [reverse("admin:index"), reverse("admin:quiz_question_add")]
    pages += [
        reverse("admin:quiz_question_change", args=[question.pk])
        for question in Question.objects.all()
    ]
    pages += [reverse("admin:lessons_lesson_change", args=[Lesson.objects.all()[0].pk])]
    for page in pages:
        with django_assert_max_num_queries(25):
            assert instructor.get(page).status_code == 200


def test_lists_say_what_was_edited_or_made_since_the_last_load(
    instructor: Client, course: None
) -> None:
    lists = [reverse("admin:quiz_question_changelist"), reverse("admin:lessons_lesson_changelist")]
    for address in lists:
        page = instructor.get(address).content.decode()
        assert "Since the last load" in page
        assert "edited here" not in page
        assert "made here" not in page
    Choice.objects.filter(question__slug="q-clear", name="slower").update(text="Slowly.")
    Lesson.objects.filter(slug="loss").update(text="Edited.")
    lesson = Lesson.objects.get(slug="pipeline")
    Question.objects.create(slug="own", lesson=lesson, place="quiz", stage="loss", kind="choice")
    told = "".join(instructor.get(address).content.decode() for address in lists)
    rows = [row for row in re.findall("<tr>.*?</tr>", told, re.DOTALL) if "here</td>" in row]
    found = [re.findall(">(own|q-clear|Loss calculation)<", row) for row in rows]
    assert [each[0] for each in found] == ["own", "q-clear", "Loss calculation"]


@pytest.mark.parametrize("name", ["text", "key_insight"])
def test_a_lesson_s_text_with_a_slip_is_not_saved(
    instructor: Client, course: None, name: str
) -> None:
    lesson = Lesson.objects.get(slug="loss")
    fields = {"title": "Losses", "mark": "4", "order": 4, name: "## One\r\n{probe no_such}\r\n"}
    page = instructor.post(reverse("admin:lessons_lesson_change", args=[lesson.pk]), fields)
    assert "Line 2: probe &#x27;no_such&#x27; does not exist." in page.content.decode()
    lesson.refresh_from_db()
    assert lesson.title == "Loss calculation"


def test_lessons_are_edited_and_none_is_added(instructor: Client, course: None) -> None:
    lesson = Lesson.objects.get(slug="loss")
    fields = {
        "title": "Losses",
        "mark": "4",
        "summary": "S",
        "key_insight": "a\r\nb",
        "order": 4,
        "text": "## c\r\n\r\nd\r\n",
    }
    address = reverse("admin:lessons_lesson_change", args=[lesson.pk])
    assert instructor.post(address, fields | {"slug": "other"}).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.slug, lesson.title, lesson.key_insight) == ("loss", "Losses", "a\nb")
    assert lesson.text == "## c\n\nd"
    assert instructor.get(reverse("admin:lessons_lesson_add")).status_code == 403
