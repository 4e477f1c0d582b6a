"""Hints on the pages that ask questions: none before it is asked for, by any way of asking."""

import re

import pytest
from django.test import Client

from course.accounts.models import User
from course.lessons import files
from course.lessons.lesson.text import parse
from course.quiz.models import Answer, HintTaken, Place, Question
from course.quiz.versions import publish
from tests.course.quiz.conftest import CONTENT
from tests.forms import form_of
from tests.staging import browser, nothing_written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

FOLDERS = {folder.lesson.slug: folder for folder in files.read(CONTENT)}
CANARY, SECOND = "CANARY-hint", "CANARY-second"
LESSON, ANSWERS, CARD = "/lessons/model-input/", "/lessons/model-input/answers/", "q-mi-shape"


def opened(slug: str) -> str:
    """The page of a lesson with all its sections."""
    if slug == "pipeline":
        stages = [each.stage for each in FOLDERS[slug].questions if each.place == "stage"]
        return "/pipeline/?" + "&".join(f"open={stage}" for stage in stages)
    sections = parse(FOLDERS[slug].lesson.text).sections
    return f"/lessons/{slug}/?" + "&".join(f"open={each.slug}" for each in sections)


@pytest.fixture
def marked() -> None:
    """Every question that may have hints has two that are easily seen."""
    for question in Question.objects.exclude(place=Place.PREDICTION):
        question.hints = f"{CANARY} of {question.slug}.\n{SECOND} one."
        question.save()
        publish(question)


def seen(client: Client, at: str) -> str:
    with nothing_written():
        response = client.get(at)
    assert response.status_code == 200
    return response.content.decode()


def card_of(page: str, card: str) -> str:
    return page.split(f'id="{card}"')[1].split("</article>", maxsplit=1)[0]


def asked_for(page: str, card: str, action: str, **fields: str) -> dict[str, str]:
    """What the browser would send if the button of that card were pressed."""
    shown = card_of(page, card)
    form = form_of(f"<form{shown.split('<form', 1)[1]}".encode(), action=action)
    button = re.search(r'name="hint" value="(\d+)"', shown)
    assert button
    return form | fields | {"hint": button[1]}


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("slug", FOLDERS)
def test_no_page_tells_a_hint_before_it_is_asked_for(slug: str, alice: User) -> None:
    for person in (None, alice):
        page = seen(browser(person), opened(slug))
        assert "CANARY" not in page
        assert page.count("Show a hint (2 left)") == page.count('name="hint"') >= 3


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_it_comes_beside_its_question_with_what_was_typed(headers: dict[str, str]) -> None:
    client = browser()
    form = asked_for(seen(client, LESSON), CARD, ANSWERS, response="(16,", confidence="sure")
    response = client.post(ANSWERS, form, headers=headers)
    assert response.status_code == 200
    page = response.content.decode()
    assert page.count("CANARY") == card_of(page, CARD).count(f"{CANARY} of mi-shape.") == 1
    assert 'value="(16,"' in page
    assert 'value="sure" checked' in page
    assert not Answer.objects.exists()


@pytest.mark.usefixtures("marked")
def test_it_stays_for_who_took_it_and_for_nobody_else(alice: User) -> None:
    client = browser(alice)
    form = asked_for(seen(client, LESSON), CARD, ANSWERS)
    for _ in range(2):
        assert client.post(ANSWERS, form).status_code == 200
    page = seen(client, LESSON)
    assert (page.count(CANARY), page.count(SECOND)) == (1, 0)
    assert "CANARY" not in seen(browser(), LESSON)
    client.post(ANSWERS, asked_for(page, CARD, ANSWERS))
    page = seen(client, LESSON)
    assert (page.count(CANARY), page.count(SECOND)) == (1, 1)
    assert "Show a hint" not in card_of(page, CARD)
    assert HintTaken.objects.filter(learner=alice).count() == 2


@pytest.mark.usefixtures("marked")
def test_on_the_pipeline_page_it_comes_in_its_stage() -> None:
    client, answers = browser(), "/pipeline/answers/"
    form = asked_for(seen(client, "/pipeline/"), "q-s1-passes", answers, response="4")
    page = client.post(answers, form, headers={"HX-Request": "true"})
    assert page["HX-Retarget"] == "#data-loading"
    assert page.content.decode().count(f"{CANARY} of s1-passes.") == 1
    plain = client.post(answers, form).content.decode()
    assert plain.count("CANARY") == 1
    assert 'value="4"' in card_of(plain, "q-s1-passes")


@pytest.mark.parametrize("hint", ["0", "9", "x", ""])
def test_a_hint_that_is_not_there_is_refused(hint: str) -> None:
    client = browser()
    form = asked_for(seen(client, LESSON), CARD, ANSWERS) | {"hint": hint}
    assert client.post(ANSWERS, form).status_code == 400
    assert not HintTaken.objects.exists()
    assert not User.objects.exists()
