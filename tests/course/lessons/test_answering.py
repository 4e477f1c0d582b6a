"""Answering on the pipeline page: what is shown before and after, beside which run, and to whom."""

import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from course.accounts.models import User
from course.lessons.pipeline.sections import sections
from course.quiz.models import Answer
from tests.forms import Form, forms
from tests.staging import Raising, browser, nothing_written, short, stored, text
from trainer.engine import probes
from trainer.engine.trace import Trace
from trainer.executors.contract import Busy
from trainer.models import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

PAGE = "/pipeline/"
ANSWERS = "/pipeline/answers/"
HTMX = {"HX-Request": "true"}
STAGES = ("data-loading", "preprocessing", "model-input", "loss", "backpropagation")


def page(client: Client, query: str = "") -> str:
    response = client.get(f"{PAGE}?{query}" if query else PAGE)
    assert response.status_code == 200
    return response.content.decode()


def stage(seen: str, slug: str) -> str:
    """The section of a stage."""
    (found,) = re.findall(rf'<section class="stage [^>]*id="{slug}".*?</section>', seen, re.DOTALL)
    return str(found)


def is_open(section: str) -> bool:
    return 'class="stack evidence-of-stage"' in section


def evidence(trace: Trace, slug: str) -> list[str]:
    """What may be seen only once the question of the stage is over, as it stands in the page."""
    told = sections(trace)[slug]
    found = [re.sub("[`*]", "", sentence) for sentence in told.evidence if sentence]
    if told.table:
        found.append(told.table["label"])
    drawn = [str(picture) for picture in (told.figure, told.tall) if picture]
    return found + [caption for caption in [told.caption] if caption] + drawn


def card(section: str) -> Form | None:
    """The question's form, while an answer is taken."""
    found = [form for form in forms(section.encode()) if "token" in form]
    return found[0] if found else None


def answered(client: Client, slug: str, query: str = "") -> Iterator[str]:
    """Answer the question of a stage with whatever, until it is over; the section each time."""
    section = stage(page(client, query), slug)
    while form := card(section):
        response = client.post(form.about["action"], form | {"response": "0"}, follow=True)
        assert response.status_code == 200
        section = stage(response.content.decode(), slug)
        yield section


# -- before and after ----------------------------------------------------------------------


@pytest.mark.parametrize("slug", STAGES)
def test_the_evidence_is_not_in_the_page_before_the_question_is_over(
    slug: str, alice: User
) -> None:
    run = stored(short(), alice)
    client = browser(alice)
    seen = page(client)
    parts = evidence(short(), slug)
    assert len(parts) >= 2
    assert not is_open(stage(seen, slug))
    for part in parts:
        assert part not in html.unescape(seen), part[:80]
    shown = page(client, f"run={run.pk}&open={slug}")
    assert is_open(stage(shown, slug))
    for part in parts:
        found = stage(shown, slug) if part.startswith("<svg") else text(stage(shown, slug))
        assert part in found or part in html.unescape(stage(shown, slug)), part[:80]
    for other in set(STAGES) - {slug}:
        assert not is_open(stage(shown, other))


@pytest.mark.parametrize("slug", STAGES)
def test_answering_opens_the_evidence_once_it_is_over(slug: str, alice: User) -> None:
    stored(short(), alice)
    seen = list(answered(browser(alice), slug))
    assert seen
    assert [is_open(section) for section in seen] == [card(section) is None for section in seen]
    assert is_open(seen[-1])


def test_no_key_is_in_the_page_before_its_question_is_over(alice: User) -> None:
    trace = short()
    stored(trace, alice)
    seen = page(browser(alice))
    names = ("followed_scaled", "shown_row_loss", "weight_by_hand", "shown_row_logit_sum")
    for name in names:
        value = probes.probe(name, trace)
        assert isinstance(value, float)
        assert f"{abs(value):.4f}" not in seen, name


def test_lead_and_loop_card_leave_the_number_of_passes_to_its_question() -> None:
    seen = page(browser())
    opening = seen[seen.index('id="lead"') : seen.index('id="story"')]
    assert "50" not in re.findall(r"\d+", text(opening))


def test_a_wrong_answer_tells_no_key(alice: User) -> None:
    trace = short()
    stored(trace, alice)
    first, *_ = answered(browser(alice), "loss")
    value = probes.probe("shown_row_loss", trace)
    assert isinstance(value, float)
    assert f"{value:.4f}" not in first
    assert card(first) is not None


@pytest.mark.parametrize("raw", ["", " ", "nonsense", "\0", "9" * 5000, "nan"])
def test_what_cannot_be_read_uses_no_attempt(raw: str, alice: User) -> None:
    stored(short(), alice)
    client = browser(alice)
    form = card(stage(page(client), "loss"))
    assert form
    with nothing_written():
        response = client.post(form.about["action"], form | {"response": raw})
    assert response.status_code == 422
    section = stage(response.content.decode(), "loss")
    assert not is_open(section)
    again = card(section)
    assert again
    assert 'role="alert"' in section or "error" in section


def test_the_traces_are_closed_before_there_is_an_own_run(alice: User) -> None:
    client = browser(alice)
    seen = page(client)
    for part in ("Running values are averages", "through the model as training left it"):
        assert part not in seen
    assert "data-chart" not in seen
    opened = page(client, "open=training-trace&open=prediction-trace")
    assert "Running values are averages" in opened
    assert "through the model as training left it" in opened
    one = page(client, "open=training-trace")
    assert "through the model as training left it" not in one
    stored(short(), alice)
    mine = page(client)
    assert "Running values are averages" in mine
    assert "through the model as training left it" in mine


def test_the_insight_opens_when_the_closing_questions_are_over(alice: User) -> None:
    stored(short(), alice)
    client = browser(alice)
    seen = page(client)
    told = "Training is that move, repeated"
    while form := _closing(seen):
        assert told not in seen
        seen = client.post(
            form.about["action"], form | {"response": "0"}, follow=True
        ).content.decode()
    assert told in seen


def _closing(seen: str) -> Form | None:
    (quiz,) = re.findall(r'<section [^>]*id="quiz".*?</section>', seen, re.DOTALL)
    return card(quiz)


# -- to whom -------------------------------------------------------------------------------


def test_what_others_answered_never_shows(alice: User, bob: User) -> None:
    before = page(browser(alice))
    for slug in STAGES:
        list(answered(browser(bob), slug))
    assert Answer.objects.filter(learner=bob).count() >= len(STAGES)
    after = page(browser(alice))
    assert not any(is_open(stage(after, slug)) for slug in STAGES)
    assert "Your answer" not in after
    for slug in STAGES:
        assert text(stage(after, slug)) == text(stage(before, slug))


def test_a_visitor_becomes_a_guest_by_answering() -> None:
    client = browser()
    section, *_ = answered(client, "loss")
    assert User.objects.get().is_guest
    assert {answer.learner for answer in Answer.objects.all()} == {User.objects.get()}
    assert "Your answer" in text(section)


def test_a_form_that_is_not_from_here_is_refused() -> None:
    client = browser()
    with nothing_written():
        for posted in ({}, {"token": "x", "response": "0"}, {"token": "\0" * 999}):
            assert client.post(ANSWERS, posted).status_code == 400


# -- beside which run ----------------------------------------------------------------------


def test_an_answer_leads_back_to_the_same_run_with_the_same_parts_open(alice: User) -> None:
    older = stored(short(seed=1), alice)
    stored(short(), alice)
    client = browser(alice)
    form = card(stage(page(client, f"run={older.pk}&open=preprocessing"), "loss"))
    assert form
    response = client.post(form.about["action"], form | {"response": "0"})
    assert response.status_code == 303
    assert response["Location"] == f"{PAGE}?run={older.pk}&open=preprocessing#q-s4-row-loss"


def test_to_htmx_an_answer_changes_its_stage_alone(alice: User) -> None:
    run = stored(short(), alice)
    client = browser(alice)
    form = card(stage(page(client), "loss"))
    assert form
    response = client.post(form.about["action"], form | {"response": "0"}, headers=HTMX)
    fragment = response.content.decode()
    assert (response.status_code, response["HX-Retarget"]) == (200, "#loss")
    assert fragment.lstrip().startswith("<section")
    assert fragment.count('<section class="stage') == 1
    assert 'id="loss"' in fragment
    assert Answer.objects.get().run == run


def test_to_htmx_an_answer_to_a_closing_question_changes_them(alice: User) -> None:
    stored(short(), alice)
    client = browser(alice)
    form = _closing(page(client))
    assert form
    response = client.post(form.about["action"], form | {"response": "0"}, headers=HTMX)
    assert (response.status_code, response["HX-Retarget"]) == (200, "#quiz")
    assert response.content.decode().count('id="quiz"') == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "newer",
    [short(seed=2), short("loss,forward"), short("zero_grad:3")],
    ids=["good", "failed", "none"],
)
def test_an_answer_from_another_tab_is_told_beside_the_run_it_was_asked_about(
    alice: User, newer: Trace, headers: dict[str, str]
) -> None:
    older = stored(short(), alice)
    client = browser(alice)
    form = card(stage(page(client), "loss"))
    assert form
    stored(newer, alice)
    response = client.post(
        form.about["action"], form | {"response": "0"}, headers=headers, follow=True
    )
    assert response.status_code == 200
    assert Answer.objects.get().run == older
    if headers:
        section = stage(response.content.decode(), "loss")
        expected = probes.probe("shown_row_probability", short())
        assert f"{expected:.4f}" in section


def test_a_used_card_shows_how_it_stands_now(alice: User) -> None:
    stored(short(), alice)
    client = browser(alice)
    form = card(stage(page(client), "loss"))
    assert form
    client.post(ANSWERS, form | {"response": "0"})
    with nothing_written():
        response = client.post(ANSWERS, form | {"response": "5"})
    assert response.status_code == 409
    assert "used already" in text(response.content)
    assert Answer.objects.count() == 1


# -- the band ------------------------------------------------------------------------------


def test_a_band_is_made_and_told(alice: User) -> None:
    run = stored(short(), alice)
    client = browser(alice)
    assert "drawn as a band" in page(client)
    response = client.post("/pipeline/band/", {"run": run.pk})
    assert response.status_code == 303
    assert response["Location"] == f"{PAGE}?run={run.pk}#training-trace"
    seen = page(client, f"run={run.pk}")
    assert "drawn as a band" not in seen
    assert "12 other seeds under the same settings" in text(seen)
    assert Run.objects.of(alice).count() == 1


def test_a_band_without_a_free_runner_is_told_to_come_back(
    alice: User, runner_raises: Raising
) -> None:
    run = stored(short(), alice)
    client = browser(alice)
    runner_raises(Busy(3))
    response = client.post("/pipeline/band/", {"run": run.pk})
    assert (response.status_code, response["Retry-After"]) == (503, "3")
