"""A run from the builder: its result, the correct loop beside it, and what may go wrong."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from course.accounts.models import User
from course.lab.builder.result import failed_card, says
from tests.forms import Form, form_of
from tests.staging import (
    SHORT,
    Raising,
    alice,
    bob,
    browser,
    cut_short,
    nothing_changed,
    runner_raises,
    short,
    stored,
    text,
    without_trace,
)
from trainer.engine.program import Program
from trainer.executors.contract import Busy
from trainer.models import Run

__all__ = ["alice", "bob", "runner_raises"]

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
QUICK = "rows=40&batch_size=20&epochs=2&hidden=4"
SWAPPED = "zero_grad,loss,forward,backward,step"


def desk(client: Client, lines: str = "", **more: str) -> Form:
    """The form of the page as its Run button would send it."""
    form = form_of(client.get(f"/lab/?{QUICK}&lines={lines}").content, id="desk")
    form.update(more)
    return form


def test_a_run_is_made_with_the_correct_loop_beside_it(client: Client) -> None:
    response = client.post("/lab/run/", desk(client, "forward,loss,backward,step"))
    assert response.status_code == 303
    run, correct = Run.objects.order_by("created")
    assert response["Location"] == f"/lab/?run={run.pk}"
    assert run.owner == correct.owner
    assert run.program == Program.parse("forward,loss,backward,step").spelling()
    assert correct.program == Program.correct().spelling()
    assert run.spec == correct.spec == SHORT.as_dict()
    page = client.get(response["Location"]).content.decode()
    for each in (run, correct):
        assert f'href="{each.get_absolute_url()}"' in page
    assert "Dashed: the correct loop" in page


def test_the_correct_loop_runs_alone(client: Client) -> None:
    response = client.post("/lab/run/", desk(client))
    assert Run.objects.count() == 1
    page = text(client.get(response["Location"]).content)
    assert "This is the correct loop." in page
    assert "beside the correct loop" not in page


def test_the_correct_loop_is_run_once_for_all_that_are_laid_beside_it(client: Client) -> None:
    for lines in ("forward", "step", "loss"):
        client.post("/lab/run/", desk(client, lines))
    assert Run.objects.count() == 4


def test_the_same_form_again_is_the_same_run(client: Client) -> None:
    form = desk(client, "forward")
    first, again = (client.post("/lab/run/", form)["Location"] for _ in range(2))
    assert first == again
    assert Run.objects.count() == 2


def test_an_error_is_told_at_its_line_with_its_cause(client: Client) -> None:
    response = client.post("/lab/run/", desk(client, SWAPPED))
    page = client.get(response["Location"]).content
    assert re.search(r'<li class="lit"><code> +loss = criterion\(logits, y\)</code>', page.decode())
    words = text(page)
    assert "NameError: name 'logits' is not defined" in words
    assert "The line logits = model(x) makes it." in words
    assert "Among the cards of the builder it was line 13." in words


@pytest.mark.parametrize("lines", [SWAPPED, "forward:3", "labels_float,forward,loss"])
def test_the_card_of_an_error_is_that_of_its_line(lines: str) -> None:
    document = short(lines).document
    row = document["source"].splitlines()[document["error"]["line"] - 1].strip()
    assert document["program"][failed_card(document) - 1]["source"] == row


def test_a_run_without_an_error_has_no_such_card() -> None:
    assert failed_card(short().document) == 0


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("forward,zero_grad,loss,backward,step", ["with the parameters of the correct loop"]),
        ("step,zero_grad,forward,loss,backward", ["one step late"]),
        ("forward,loss,backward,zero_grad,step", ["step() was called 4 times and changed nothing"]),
        ("forward,loss,backward", ["no line called step()"]),
        ("forward,loss,backward,step", []),
        (SWAPPED, []),
        ("forward,loss,step,backward", []),
        ("zero_grad:3", []),
    ],
)
def test_what_is_sure_of_a_run_is_said_and_nothing_else(lines: str, said: list[str]) -> None:
    found = says(short(lines), short())
    assert len(found) == len(said)
    for sentence, part in zip(found, said, strict=True):
        assert part in sentence


def test_htmx_gets_the_result_a_new_nonce_and_the_address(client: Client) -> None:
    form = desk(client, "step")
    response = client.post("/lab/run/", form, headers=HTMX)
    page = response.content.decode()
    run = Run.objects.get(program=Program.parse("step").spelling())
    assert response["HX-Push-Url"] == f"/lab/?run={run.pk}"
    assert page.lstrip().startswith("<section")
    (nonce,) = re.findall(r'name="nonce" value="(\w+)" hx-swap-oob="true"', page)
    assert nonce not in ("", form["nonce"])


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_settings_that_cannot_be_run_come_back_with_their_reasons(
    client: Client, headers: dict[str, str]
) -> None:
    form = desk(client, "step,loss", lr="-3")
    response = client.post("/lab/run/", form, headers=headers)
    assert response.status_code == 422
    again = form_of(response.content, id="desk")
    assert again["lr"] == "-3"
    assert again["lines"] == form["lines"]
    assert "Must be above 0" in text(response.content)
    assert Run.objects.exclude(status="refused").count() == 0
    if headers:
        assert response["HX-Retarget"] == "#desk"


def test_a_setting_that_is_not_known_is_refused_by_name(client: Client) -> None:
    response = client.post("/lab/run/", desk(client, colour="red"))
    assert response.status_code == 422
    assert "colour" in text(response.content)


def test_while_another_run_is_under_way_it_says_so(alice: User) -> None:
    without_trace(alice, "pending")
    client = browser(alice)
    assert client.post("/lab/run/", desk(client)).status_code == 409


def test_when_every_runner_is_busy_it_says_so_and_keeps_all(
    client: Client, runner_raises: Raising
) -> None:
    form = desk(client, "step")
    runner_raises(Busy(3))
    response = client.post("/lab/run/", form)
    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert form_of(response.content, id="desk") == form


def test_where_the_correct_loop_was_not_run_the_page_says_so(alice: User) -> None:
    run = stored(short("step"), alice)
    page = text(browser(alice).get(f"/lab/?run={run.pk}").content)
    assert "The correct loop has no run with these settings." in page


def test_the_correct_run_of_somebody_else_is_not_laid_beside(alice: User, bob: User) -> None:
    theirs, run = stored(short(), bob), stored(short("step"), alice)
    page = browser(alice).get(f"/lab/?run={run.pk}").content.decode()
    assert theirs.pk not in page


@pytest.mark.parametrize("status", ["pending", "interrupted", "refused"])
def test_a_run_that_left_nothing_is_told_as_that(alice: User, status: str) -> None:
    program = "" if status == "refused" else Program.correct().spelling()
    run = without_trace(alice, status, program=program, reasons={"lr": "Must be above 0."})
    response = browser(alice).get(f"/lab/?run={run.pk}")
    assert response.status_code == 200
    assert run.badge in text(response.content)


def test_a_run_that_was_stopped_is_told_too(alice: User) -> None:
    run = stored(cut_short("Enough.", at=2), alice)
    assert "it was stopped here" in text(browser(alice).get(f"/lab/?run={run.pk}").content)


# -- typing ----------------------------------------------------------------------------

TYPED = """optimizer.zero_grad()
logits = model(x)
loss = criterion(logits, y)
loss.backward()
optimizer.step()
"""


def type_in(client: Client, words: str) -> dict[str, str]:
    page = client.get(f"/lab/?{QUICK}&lines=step").content
    return form_of(page, action="/lab/typed/") | {"text": words}


def test_a_text_that_matches_becomes_the_program(client: Client) -> None:
    form = type_in(client, TYPED)
    with nothing_changed():
        response = client.post("/lab/typed/", form)
    assert response.status_code == 303
    query = parse_qs(urlsplit(response["Location"]).query)
    assert Program.parse(query["lines"][0]) == Program.correct()
    assert query["epochs"] == ["2"]
    assert "Understood" not in text(client.get(response["Location"]).content)


def test_a_whole_program_can_be_typed(client: Client) -> None:
    source = short("forward,loss,step").document["source"]
    response = client.post("/lab/typed/", type_in(client, source.replace("\n", "\r\n")))
    query = parse_qs(urlsplit(response["Location"]).query)
    assert Program.parse(query["lines"][0]) == Program.parse("forward,loss,step")


def test_what_is_spelled_otherwise_is_told_as_it_was_understood(client: Client) -> None:
    words = TYPED.replace("logits", "pred").replace("\n", "\r\n")
    response = client.post("/lab/typed/", type_in(client, words), follow=True)
    page = text(response.content)
    assert "Understood: pred = model(x) as logits = model(x)" in page
    assert "optimizer.step() as" not in page


def test_each_line_that_does_not_match_is_answered_at_its_line(client: Client) -> None:
    words = TYPED.replace("loss.backward", "loss.backwards").replace("model(x)", "<b>(x)")
    with nothing_changed():
        response = client.post("/lab/typed/", type_in(client, words))
    assert response.status_code == 422
    page = response.content.decode()
    assert "<b>(x)" not in page
    words_of_page = text(page)
    assert "Line 2:" in words_of_page
    words = TYPED.replace("loss.backward", "loss.backwards")
    page = client.post("/lab/typed/", type_in(client, words)).content.decode()
    assert "Line 4: loss.backwards is no method" in text(page)
    (box,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert box == words
    assert re.search(r'<li class="lit"><code>loss.backwards\(\)</code><p', page)


@pytest.mark.parametrize("words", ["", "\0", "x" * 20_000, "while True:\n  pass", "\n\n(", "é = 1"])
def test_any_text_is_answered(client: Client, words: str) -> None:
    response = client.post("/lab/typed/", type_in(client, words))
    assert response.status_code == 422
    assert "Not every line is one of" in text(response.content)


def test_an_answer_without_a_row_stands_at_the_last(client: Client) -> None:
    response = client.post("/lab/typed/", type_in(client, "if count % 4 == 0:"))
    assert response.status_code == 422
