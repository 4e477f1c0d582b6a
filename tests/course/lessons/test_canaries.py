"""Every hint and every text of a reply is a canary.

None sings on any page before its question is answered, and then only those of this question.
"""

import re
from dataclasses import replace

import pytest
from pytest_django import DjangoDbBlocker

from course.accounts.models import User
from course.lessons import files
from course.lessons.lesson.text import parse
from course.quiz import versions
from course.quiz.cards import cards_for
from course.quiz.content import Content
from course.quiz.models import Answer, Place, Question
from course.quiz.stored import as_file, write
from tests.course.quiz.conftest import CONTENT
from tests.course.quiz.posting import some_answer, without_tokens
from tests.staging import browser, stored, trained
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.models import Run

pytestmark = pytest.mark.django_db

CANARY = re.compile(r"canary-of-([-\w]+?)-of")
HTMX = {"HX-Request": "true"}
FOLDERS = {folder.lesson.slug: folder.lesson.text for folder in files.read(CONTENT)}
LESSONS = sorted(FOLDERS)
OTHER_PAGES = (
    "/", "/lessons/", "/recall/", "/progress/", "/progress/certainty/", "/progress/objectives/",
    "/progress/beliefs/", "/lab/", "/lab/experiments/", "/runs/",
)  # fmt: skip


def with_canaries(content: Content, slug: str) -> Content:
    """The question, with a canary wherever something is said after it or on request."""
    song = f"canary-of-{slug}-of."
    options = [
        replace(each, feedback=each.feedback and song, evidence=each.evidence and song)
        for each in content.options
    ]
    return replace(
        content,
        hints=content.hints and song,
        nudge=content.nudge and song,
        otherwise=content.otherwise and song,
        explanation=song,
        options=tuple(options),
    )


@pytest.fixture(scope="module", autouse=True)
def _canaries(loaded: None, django_db_blocker: DjangoDbBlocker) -> None:
    """In the course that is loaded for this file alone."""
    with django_db_blocker.unblock():
        for question in Question.objects.select_related("lesson").prefetch_related("choices"):
            asked = as_file(question)
            sung = with_canaries(asked.content, question.slug)
            write(replace(asked, content=sung), question.lesson_id, "")


@pytest.fixture
def mine(alice: User) -> Run:
    return stored(trained(PRESETS["calm"], Program.correct()), alice)


def page_of(slug: str) -> str:
    """Where a lesson is learned, with every section open that opens without an answer."""
    if not FOLDERS[slug]:
        return "/pipeline/"
    wanted = "&".join(f"open={section.slug}" for section in parse(FOLDERS[slug]).sections)
    return f"/lessons/{slug}/?{wanted}"


def heard(client_text: bytes) -> set[str]:
    return set(CANARY.findall(without_tokens(client_text.decode())))


@pytest.mark.usefixtures("mine")
def test_no_page_tells_of_a_question_that_is_not_answered(alice: User) -> None:
    for client in (browser(), browser(alice)):
        for address in (*map(page_of, LESSONS), *OTHER_PAGES):
            response = client.get(address)
            assert response.status_code == 200, address
            assert heard(response.content) == set(), address


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_answer_wakes_the_canaries_of_its_own_question_alone(
    lesson: str, alice: User, mine: Run
) -> None:
    client, action = browser(alice), page_of(lesson).partition("?")[0] + "answers/"
    sang, answered = set[str](), set[str]()
    for version in versions.current(lesson).exclude(question__place=Place.PREDICTION):
        slug = version.question.slug
        (card,) = cards_for([version], alice, mine)
        sent = {"token": card.token, "response": some_answer(card), "confidence": "fairly"}
        if card.control == "lines":
            sent |= {"response.line": "1", "response.evidence": "0"}
        response = client.post(action, sent, headers=HTMX)
        assert heard(response.content) - answered <= {slug}, (slug, response.status_code)
        answered = {*Answer.objects.filter(learner=alice).values_list("question__slug", flat=True)}
        sang |= heard(response.content)
    assert sang
    assert sang <= answered
