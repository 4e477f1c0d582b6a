"""The front page: asks a visitor, and tells who returns where to go on."""

import html

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.lessons.models import Lesson
from course.quiz.models import Answer
from tests.forms import form_of, forms
from tests.staging import browser, nothing_written, short, stored, text, without_trace
from trainer.models import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

QUERIES = 12


def home(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def answer(client: Client, lesson: str, slug: str, response: str) -> None:
    """Answer a question of a lesson, whatever it was worth."""
    path = "/pipeline/" if lesson == "pipeline" else f"/lessons/{lesson}/"
    seen = client.get(path, {"open": [slug]}).content.decode()
    card = seen.split(f'id="q-{slug}"', 1)[1].split("</article>", 1)[0]
    (form,) = forms(card.encode())
    sent = client.post(f"{path}answers/", form | {"response": response, "confidence": "sure"})
    assert sent.status_code == 303


def step_of(seen: str) -> tuple[str, str]:
    """What is next, and the reason."""
    panel = seen.split("next-step", 1)[1].split("</section>", 1)[0]
    title = panel.split('id="next-step">', 1)[1].split("</h2>", 1)[0]
    return html.unescape(title), text(panel)


# -- a visitor -----------------------------------------------------------------------------


def test_a_visitor_is_asked_one_thing_and_offered_one_button() -> None:
    with nothing_written():
        seen = home(browser())
    form = form_of(seen.encode(), id="ask")
    assert form["prediction-only"] == "p-falls"
    assert seen.count("Predict, then run") == 1
    assert seen.count("Run the loop</span>") == 1
    assert "Welcome back" not in seen


def test_every_line_of_the_loop_leads_to_its_lesson() -> None:
    seen = home(browser())
    for lesson in Lesson.objects.filter(mark__in="12345"):
        assert 'class="loop-line level-' in seen
        assert f'href="/lessons/{lesson.slug}/"' in seen


def test_the_button_makes_a_run_with_one_locked_prediction() -> None:
    client = browser()
    form = form_of(home(client).encode(), id="ask") | {"prediction-p-falls": "0"}
    response = client.post("/pipeline/", form)
    assert response.status_code == 303
    run = Run.objects.get(name="")
    assert response["Location"] == f"/pipeline/?run={run.pk}#result"
    locked = Answer.objects.get()
    assert (locked.question.slug, locked.run, locked.score is not None) == ("p-falls", run, True)


def test_the_button_without_an_answer_asks_again() -> None:
    client = browser()
    response = client.post("/pipeline/", form_of(home(client).encode(), id="ask"))
    assert response.status_code == 422
    assert not Run.objects.filter(name="").exists()


def test_without_a_course_there_is_a_page_all_the_same() -> None:
    Run.objects.filter(name="calm").delete()
    assert "by running it" in home(browser())


# -- who returns ---------------------------------------------------------------------------


def test_after_a_run_the_pipeline_s_questions_are_next(alice: User) -> None:
    run = stored(short(), alice)
    seen = home(browser(alice))
    title, reason = step_of(seen)
    assert title == "The pipeline"
    assert "Your run is there" in reason
    assert run.get_absolute_url() in seen
    assert "Predict, then run" not in seen


def test_who_stopped_in_a_lesson_goes_on_there(alice: User) -> None:
    stored(short(), alice)
    client = browser(alice)
    answer(client, "data-loading", "dl-batches", "1")
    title, reason = step_of(home(client))
    total = Lesson.objects.get(slug="data-loading").questions.count()
    assert title == "Data loading"
    assert f"{total - 1} questions are open of {total}" in reason


def test_who_answered_without_a_run_is_led_to_the_loop() -> None:
    client = browser()
    answer(client, "data-loading", "dl-batches", "1")
    title, _ = step_of(home(client))
    assert title == "Make a run of your own"


def test_a_refused_run_alone_is_no_return(alice: User) -> None:
    without_trace(alice, "refused")
    assert "Predict, then run" in home(browser(alice))


def test_another_learner_s_work_does_not_count(alice: User, bob: User) -> None:
    stored(short(), bob)
    assert "Welcome back" not in home(browser(alice))


def test_few_queries_are_asked(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    stored(short(), alice)
    client = browser(alice)
    answer(client, "data-loading", "dl-batches", "1")
    with django_assert_max_num_queries(QUERIES):
        home(client)
