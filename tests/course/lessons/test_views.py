"""The pipeline page: what a visitor sees, whose runs it tells, and that reading writes nothing."""

import html
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.quiz.models import Answer
from tests.forms import form_of, forms
from tests.staging import browser, cut_short, nothing_written, short, stored, text, without_trace
from trainer.engine.trace import Trace
from trainer.models import Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

PAGE = "/pipeline/"
ANSWERS = "/pipeline/answers/"
BAND = "/pipeline/band/"
OUT_OF_ORDER = "model,forward:0,for_epoch,for_batch,loss,scaler:0"
TRACES = "open=training-trace&open=prediction-trace"


def page(client: Client, query: str = "") -> str:
    response = client.get(f"{PAGE}?{query}" if query else PAGE)
    assert response.status_code == 200
    return response.content.decode()


def course_run() -> Run:
    return Run.objects.get(name="calm")


# -- reading -------------------------------------------------------------------------------


def test_a_visitor_sees_the_course_s_run() -> None:
    seen = page(browser())
    assert course_run().get_absolute_url() in seen
    assert "Until you have a run of your own" in text(seen)
    for slug in ("data-loading", "preprocessing", "model-input", "loss", "backpropagation"):
        assert f'id="{slug}"' in seen


def test_a_learner_sees_the_own_latest_run(alice: User) -> None:
    first, last = stored(short(seed=1), alice), stored(short(), alice)
    without_trace(alice, "interrupted")
    seen = page(browser(alice))
    assert last.get_absolute_url() in seen
    assert first.get_absolute_url() not in seen
    assert "from your run" in seen


def test_a_learner_can_look_at_an_older_run_and_at_the_course_s(alice: User) -> None:
    first, last = stored(short(seed=1), alice), stored(short(), alice)
    seen = page(browser(alice), f"run={first.pk}")
    assert first.get_absolute_url() in seen
    assert last.get_absolute_url() not in seen
    assert course_run().get_absolute_url() in page(browser(alice), f"run={course_run().pk}")


@pytest.mark.parametrize(
    "query",
    [
        "",
        TRACES,
        f"{TRACES}&row=499",
        "row=-1&open=prediction-trace",
        "row=x&open=nonsense",
        "row=%00&open=%00&preset=%00",
        "row=" + "9" * 5000,
        "preset=published",
        "preset=nonsense",
        "open=loss&open=loss&open=<script>",
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_reading_writes_nothing(query: str, alice: User, signed_in: bool) -> None:
    client = browser(alice) if signed_in else browser()
    with nothing_written():
        for method in (client.get, client.head):
            response = method(f"{PAGE}?{query}")
            assert response.status_code == 200
            assert "sessionid" not in response.cookies
    assert "<script>&" not in response.content.decode()


def test_a_learner_s_every_kind_of_run_can_be_told(alice: User) -> None:
    traces = [
        short("loss,forward"),
        short("zero_grad:3"),
        short("for_batch:0"),
        short("forward,loss,backward,zero_grad,step"),
        short(optimizer="sgd", lr=1e9),
        short(optimizer="adamw", lr=1e9),
        short(batch_size=1, hidden=1),
        cut_short(),
    ]
    runs = [stored(trace, alice) for trace in traces]
    runs += [without_trace(alice, status) for status in ("pending", "interrupted")]
    runs.append(without_trace(alice, "refused", spec={"lr": "-1"}, reasons={"lr": "No."}))
    client = browser(alice)
    with nothing_written():
        for run in runs:
            page(client, f"run={run.pk}&{TRACES}&open=loss")


def test_before_the_course_is_loaded_the_page_stands() -> None:
    Run.objects.all().delete()
    seen = page(browser())
    assert "One run of the training loop, told stage by stage" in seen
    form_of(seen.encode(), id="ask")


def test_the_learner_s_settings_stand_in_the_form_even_if_the_run_was_lost(alice: User) -> None:
    run = without_trace(alice, "interrupted", spec=short(lr=0.7).document["spec"])
    ask = form_of(page(browser(alice), f"run={run.pk}").encode(), id="ask")
    assert (ask["lr"], ask["hidden"]) == ("0.7", "4")


def test_a_preset_fills_the_form(alice: User) -> None:
    stored(short(), alice)
    ask = form_of(page(browser(alice), "preset=published").encode(), id="ask")
    assert (ask["lr"], ask["hidden"], ask["seed"]) == ("0.09", "64", "138")


# -- whose ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["nothing", "0", "x" * 300, "%00", "é", "' OR 1=1", "../admin"])
def test_there_is_no_run_of_a_bad_id(bad: str, alice: User) -> None:
    client = browser(alice)
    with nothing_written():
        assert client.get(PAGE, {"run": bad}).status_code == 404
        assert client.post(f"{ANSWERS}?run={bad}", {"token": "x"}).status_code == 404
        assert client.post(BAND, {"run": bad}).status_code == 404
        assert browser().post(BAND, {"run": bad}).status_code == 404


def test_another_learner_s_run_does_not_exist(alice: User, bob: User) -> None:
    run = stored(short(), bob)
    clients = [browser(alice), browser()]
    with nothing_written():
        for client in clients:
            assert client.get(PAGE, {"run": run.pk}).status_code == 404
            assert client.post(f"{ANSWERS}?run={run.pk}", {"token": "x"}).status_code == 404
            assert client.post(BAND, {"run": run.pk}).status_code == 404


def test_a_band_is_made_of_own_runs_that_finished_only(alice: User) -> None:
    others = [course_run(), stored(short("loss,forward"), alice), without_trace(alice, "pending")]
    client = browser(alice)
    with nothing_written():
        for run in others:
            assert client.post(BAND, {"run": run.pk}).status_code == 404
        assert client.post(BAND).status_code == 404


def test_an_answer_to_another_learner_s_card_is_refused(alice: User, bob: User) -> None:
    run = stored(short(), bob)
    every = forms(page(browser(bob)).encode())
    cards = [form for form in every if form.about.get("action", "").startswith(ANSWERS)]
    client = browser(alice)
    assert cards
    with nothing_written():
        for card in cards:
            response = client.post(ANSWERS, card | {"response": "0", "user": bob.pk})
            assert response.status_code in (404, 409)
            assert run.pk not in response.content.decode()
    assert not Answer.objects.exists()


@pytest.mark.parametrize("address", [PAGE, ANSWERS, BAND])
def test_a_post_needs_its_token(address: str, alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    with nothing_written():
        assert client.post(address, {}).status_code == 403


@pytest.mark.parametrize(
    ("address", "methods"),
    [
        (PAGE, "put patch delete"),
        (ANSWERS, "get head put patch delete"),
        (BAND, "get head put patch delete"),
    ],
)
def test_other_methods_are_refused(address: str, methods: str, alice: User) -> None:
    client = browser(alice)
    with nothing_written():
        for method in methods.split():
            assert getattr(client, method)(address).status_code == 405


# -- what it costs -------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", TRACES])
def test_the_number_of_queries_does_not_grow(
    alice: User, query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, counts = browser(alice), []
    page(client, query)
    for number in (1, 30):
        for seed in range(number):
            run = stored(short(seed=seed), alice)
        with django_assert_max_num_queries(20) as asked:
            page(client, f"{query}&run={run.pk}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with django_assert_max_num_queries(20):
        page(browser(), query)


# -- the loop card -------------------------------------------------------------------------


def card_text(seen: str) -> str:
    """The program as the loop card shows it, levels as indentation."""
    (card,) = re.findall(r'<nav class="loop".*?</nav>', seen, re.DOTALL)
    rows = re.findall(r'class="loop-line[^"]*level-(\d).*?<code>(.*?)</code>', card, re.DOTALL)
    lines = []
    for level, code in rows:
        lines += ["    " * int(level) + line for line in html.unescape(code).split("\n")]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "trace",
    [
        short(),
        short(optimizer="momentum"),
        short("forward,loss,backward,zero_grad,step"),
        short("loss,forward"),
        short("step,zero_grad,forward:2,loss,backward,scale"),
        short(OUT_OF_ORDER),
    ],
    ids=["correct", "momentum", "zero-between", "broken", "more", "out of order"],
)
def test_the_loop_card_is_the_program_that_runs(alice: User, trace: Trace) -> None:
    run = stored(trace, alice)
    assert card_text(page(browser(alice), f"run={run.pk}")) == trace.document["source"]
