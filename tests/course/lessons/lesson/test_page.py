"""The pages of the lessons: told by any run, asking before they show, each by its own rules."""

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.lessons import files
from course.lessons.lesson.figures import FIGURES
from course.lessons.lesson.text import parse
from course.quiz import evidence
from course.quiz.content import Content
from course.quiz.markdown import sentences
from course.quiz.models import Answer
from tests.course.quiz.conftest import CONTENT
from tests.forms import forms
from tests.staging import browser, cut_short, nothing_written, short, stored, text, trained
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Trace
from trainer.models import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

FOLDERS = [folder for folder in files.read(CONTENT) if folder.lesson.mark]
WRITTEN = [folder.lesson.slug for folder in FOLDERS if folder.lesson.text]
LESSON = "data-loading"
QUERIES = 12

RUNS: dict[str, Callable[[], Trace]] = {
    "calm": lambda: trained(PRESETS["calm"], Program.correct()),
    "published": lambda: trained(PRESETS["published"], Program.correct()),
    "iris": lambda: trained(PRESETS["iris"], Program.correct()),
    "wine": lambda: trained(PRESETS["wine"], Program.correct()),
    "digits": lambda: trained(PRESETS["digits"], Program.correct()),
    "ragged": lambda: trained(replace(PRESETS["calm"], batch_size=128), Program.correct()),
    "tiny": lambda: short(rows=10, batch_size=10, epochs=1),
    "one by one": lambda: short(rows=12, batch_size=1),
    "diverged": lambda: short(optimizer="adamw", lr=1e9),
    "failed": lambda: short("loss,forward"),
    "failed at backward": lambda: short("zero_grad,forward,loss,backward,backward,step"),
    "never moves": lambda: short("zero_grad,forward,loss,backward"),
    "bad indentation": lambda: short("zero_grad:3"),
    "stopped": lambda: cut_short(at=2),
}


def opened(slug: str) -> str:
    """The query that opens every section."""
    parsed = parse(next(f.lesson.text for f in FOLDERS if f.lesson.slug == slug))
    return "&".join(f"open={section.slug}" for section in parsed.sections)


def page(client: Client, slug: str, query: str = "") -> str:
    response = client.get(f"/lessons/{slug}/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def figures_of(seen: str) -> list[str]:
    return re.findall(r'id="(fig-[a-z0-9-]+)"', seen)


# -- every lesson --------------------------------------------------------------------------


@pytest.mark.parametrize("slug", WRITTEN)
@pytest.mark.parametrize("name", RUNS)
def test_a_lesson_is_told_by_any_run(slug: str, name: str, alice: User) -> None:
    run, client = stored(RUNS[name](), alice), browser(alice)
    with nothing_written():
        seen = page(client, slug, opened(slug))
    assert run.get_absolute_url() in seen
    words = text(seen)
    for unresolved in ("{probe", "{when", "{figure", "{question", "None", "nan ", "[object"):
        assert unresolved not in words
    asked = [name for _, name in parse(_text_of(slug)).placed("figure")]
    assert figures_of(seen) == [f"fig-{name}" for name in asked]


@pytest.mark.parametrize("slug", WRITTEN)
def test_a_visitor_is_told_by_the_course_s_run(slug: str) -> None:
    with nothing_written():
        seen = page(browser(), slug, opened(slug))
    assert Run.objects.get(name="calm").get_absolute_url() in seen
    assert "left no numbers" not in seen


@pytest.mark.parametrize("slug", WRITTEN)
def test_a_lesson_has_figures_a_control_questions_and_an_insight(slug: str) -> None:
    folder = next(each for each in FOLDERS if each.lesson.slug == slug)
    parsed = parse(folder.lesson.text)
    assert len(parsed.placed("figure")) >= 2
    assert len(parsed.placed("question")) >= 1
    assert len(folder.questions) >= 3
    assert sum(question.place == "quiz" for question in folder.questions) >= 2
    assert any("{probe" in question.content.key for question in folder.questions)
    assert folder.lesson.key_insight
    assert 'method="get"' in page(browser(), slug, opened(slug))
    in_text = {name for _, name in parsed.placed("question")}
    assert in_text == {q.slug for q in folder.questions if q.place == "stage"}


def test_every_figure_stands_in_a_lesson() -> None:
    placed = {name for f in FOLDERS for _, name in parse(f.lesson.text).placed("figure")}
    assert placed == set(FIGURES)


@pytest.mark.parametrize("slug", WRITTEN)
def test_two_runs_are_told_differently(slug: str, alice: User, bob: User) -> None:
    stored(RUNS["calm"](), alice)
    stored(trained(replace(PRESETS["calm"], seed=7), Program.correct()), bob)
    one, other = (page(browser(who), slug, opened(slug)) for who in (alice, bob))
    for figure in figures_of(one):
        assert _part(one, figure) != _part(other, figure), figure


@pytest.mark.parametrize("slug", WRITTEN)
def test_two_runs_give_different_feedback(slug: str) -> None:
    """What is said to an answer cites the run that it was given beside."""
    folder = next(each for each in FOLDERS if each.lesson.slug == slug)
    one, other = RUNS["calm"](), trained(replace(PRESETS["calm"], seed=7), Program.correct())
    told = [
        [replies(question.content, trace) for question in folder.questions]
        for trace in (one, other)
    ]
    assert sum(a != b for a, b in zip(*told, strict=True)) >= 2


def replies(content: Content, trace: Trace) -> list[str]:
    """Everything that may be said to an answer beside a run."""
    values = evidence.values_of(content.probes(), trace)
    return [each for said in content.reply_texts() for each in sentences(said, values)]


@pytest.mark.parametrize("slug", WRITTEN)
def test_a_section_waits_for_its_question(slug: str) -> None:
    closed, open_ = page(browser(), slug), page(browser(), slug, opened(slug))
    assert "Show me" in closed
    assert "Show me" not in open_
    assert len(figures_of(closed)) < len(figures_of(open_))


@pytest.mark.parametrize("slug", WRITTEN)
def test_few_queries_are_asked(
    slug: str, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    stored(RUNS["calm"](), alice)
    client = browser(alice)
    page(client, slug, opened(slug))
    with django_assert_max_num_queries(QUERIES):
        page(client, slug, opened(slug))


def _text_of(slug: str) -> str:
    return next(each.lesson.text for each in FOLDERS if each.lesson.slug == slug)


def _part(seen: str, figure: str) -> str:
    return seen.split(f'id="{figure}"', 1)[1].split("lesson-figure", 1)[0]


# -- addresses -----------------------------------------------------------------------------


def test_the_list_leads_to_every_lesson() -> None:
    seen = browser().get("/lessons/").content.decode()
    for folder in FOLDERS:
        assert f'href="/lessons/{folder.lesson.slug}/"' in seen


@pytest.mark.parametrize("path", ["/lessons/nothing/", "/lessons/pipeline/"])
def test_there_is_no_such_lesson(path: str) -> None:
    assert browser().get(path).status_code == 404
    assert browser().post(f"{path}answers/").status_code == 404


def test_another_learner_s_run_is_not_told(alice: User, bob: User) -> None:
    run = stored(short(), bob)
    assert browser(alice).get(f"/lessons/{LESSON}/?run={run.pk}").status_code == 404


@pytest.mark.parametrize(
    "query", ["epoch=0", "epoch=99999999", "epoch=x", "epoch=%00", "order=nonsense", "a=1&a=2"]
)
def test_an_odd_choice_falls_back(query: str) -> None:
    seen = page(browser(), LESSON, f"{opened(LESSON)}&{query}")
    assert "fig-deal-order" in seen


def test_a_figure_follows_its_control() -> None:
    one, two = (page(browser(), LESSON, f"{opened(LESSON)}&epoch={n}") for n in (1, 2))
    assert "Epoch 2: where the rows" in two
    assert _part(one, "fig-deal-order") != _part(two, "fig-deal-order")


def test_a_control_keeps_what_else_is_chosen() -> None:
    seen = page(browser(), LESSON, f"{opened(LESSON)}&epoch=2&order=sorted")
    form = _part(seen, "fig-deal-order").split("</form>")[0]
    assert '<input type="hidden" name="order" value="sorted">' in form
    assert 'type="hidden" name="epoch"' not in form


# -- answering -----------------------------------------------------------------------------


def post(client: Client, answer: str, slug: str = "dl-batches", **headers: str) -> tuple[int, str]:
    card = page(client, LESSON).split(f'id="q-{slug}"', 1)[1].split("</article>", 1)[0]
    (form,) = forms(card.encode())
    fields = form | {"response": answer, "confidence": "fairly"}
    response = client.post(f"/lessons/{LESSON}/answers/", fields, headers=headers)
    return response.status_code, html.unescape(response.content.decode())


def test_an_answer_without_javascript_leads_back_to_its_card() -> None:
    client = browser()
    status, _ = post(client, "104")
    assert status == 303
    answer = Answer.objects.get()
    assert (answer.correct, answer.question.slug) == (True, "dl-batches")
    assert "Every row is dealt once in each epoch" in text(page(client, LESSON))


def test_an_answer_by_htmx_opens_the_section() -> None:
    client = browser()
    status, fragment = post(client, "104", **{"HX-Request": "true"})
    assert status == 200
    assert 'id="rows-become-batches"' in fragment
    assert "<html" not in fragment
    assert "Every row is dealt once in each epoch" in text(fragment)


def test_a_wrong_answer_gets_feedback_and_the_section_stays_closed() -> None:
    status, fragment = post(browser(), "0", **{"HX-Request": "true"})
    assert status == 200
    assert "are not lost" in fragment
    assert "Every row is dealt once in each epoch" not in text(fragment)


def test_an_unreadable_answer_keeps_what_was_typed() -> None:
    status, seen = post(browser(), "many")
    assert status == 422
    assert 'value="many"' in seen
    assert not Answer.objects.exists()
