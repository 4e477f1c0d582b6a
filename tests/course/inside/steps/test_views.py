"""Any step of any run, line by line: every state has an address and says what was measured."""

import gzip
import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from tests.course.inside.steps.runs import RUNS
from tests.sizes import SOAK
from tests.staging import browser, cut_short, nothing_written, short, stored, text, trained
from trainer.engine.moments import moments
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.models import Run

pytestmark = pytest.mark.django_db

QUERIES = 8
HEAVIEST = 60_000
"""Bytes of the page of the default run as it goes over the wire."""
UNSAID = ("None of", "nan of", "{{", "{%", "[object", "array(", "tensor(")


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replays of this process, without the time that a runner would take."""
    monkeypatch.setattr("course.replays.cache.get", lambda _: None)
    seen: dict[tuple[str, object], dict[str, object]] = {}

    def replay(kind: str, trace: Trace, wanted: object) -> dict[str, object]:
        key = (trace.document["digest"], wanted)
        assert kind == "moments"
        assert isinstance(wanted, int)
        if key not in seen:
            seen[key] = moments(trace, wanted)
        return seen[key]

    monkeypatch.setattr(executor(), "replay", replay)


def at(run: Run, step: int, query: str = "") -> str:
    return f"/runs/{run.pk}/steps/{step}/{query}"


def seen(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def links(page: str, run: Run) -> Iterator[str]:
    """Every link to a state."""
    for href in re.findall(r'href="([^"]+)"', page):
        found = html.unescape(href)
        if found.startswith(f"/runs/{run.pk}/steps/"):
            yield found.split("#")[0]


def says(page: str) -> str:
    """What the page says that the line did."""
    said = re.findall(r'<div class="prose">(.*?)</div>', page, re.DOTALL)[0]
    return text(said.replace("</p>", "</p> ")).strip()


def heading(page: str) -> str:
    return text(re.findall(r"<h2.*?</h2>", page, re.DOTALL)[0])


# -- every state ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_every_state_of_any_run_is_a_page(name: str, alice: User) -> None:
    trace = RUNS[name]()
    run, client = stored(trace, alice), browser(alice)
    last = max(1, len(trace.document["steps"]))
    for step in range(1, last + 1) if SOAK else sorted({1, 2, last} & set(range(1, last + 1))):
        count = len(moments(trace, step)["moments"])
        for line in range(1, count + 1):
            page = seen(client, at(run, step, f"?line={line}"))
            assert f"line {line} of {count}" in text(page)
            assert page.count('aria-current="step"') == 1
            assert not [unsaid for unsaid in UNSAID if unsaid in says(page)]


@pytest.mark.parametrize("name", ["fails at backward", "stopped"])
def test_every_link_to_a_state_leads_there(name: str, alice: User) -> None:
    run, client = stored(RUNS[name](), alice), browser(alice)
    waiting, been = [at(run, 1)], set[str]()
    while waiting:
        address = waiting.pop()
        if address in been or "tensor" in address:
            continue
        been.add(address)
        waiting += links(seen(client, address), run)
    steps = len(run.load().document["steps"])  # type: ignore[union-attr]
    assert {urlsplit(each).path for each in been} == {at(run, n) for n in range(1, steps + 1)}
    assert len(been) > 3 * steps


def test_looking_writes_nothing(alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)
    with nothing_written():
        seen(client, at(run, 2))


def test_few_queries_are_made(alice: User, django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    run, client = stored(short(), alice), browser(alice)
    with django_assert_max_num_queries(QUERIES):
        seen(client, at(run, 2))


@pytest.mark.parametrize("query", ["?line=1", "", "?line=last", "?tensor=x"])
def test_the_page_of_the_default_run_is_light(query: str, alice: User) -> None:
    run = stored(trained(PRESETS["calm"], Program.correct()), alice)
    for step in (1, 4, 50):
        page = browser(alice).get(at(run, step, query)).content
        assert len(gzip.compress(page)) < HEAVIEST


# -- walking -------------------------------------------------------------------------------


def test_a_step_opens_after_the_last_line_of_its_pass(alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)
    for step in (1, 2, 4):
        assert heading(seen(client, at(run, step))) == "5 After optimizer.step()"


def test_a_failed_run_opens_at_the_line_that_failed(alice: User) -> None:
    run = stored(RUNS["fails at a name"](), alice)
    page = seen(browser(alice), at(run, 1))
    assert "Failed at loss = criterion(logits, y)" in heading(page)
    assert "NameError: name &#x27;logits&#x27; is not defined" in page
    assert "the error is here" in text(page)
    earlier = seen(browser(alice), at(run, 1, "?line=3"))
    assert "NameError" not in earlier


def test_lines_lead_on_into_the_steps_around(alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)

    def way(page: str, name: str) -> str:
        (found,) = re.findall(rf'id="{name}" href="([^"]+)"', page)
        return html.unescape(found)

    page = seen(client, at(run, 3, "?line=1"))
    before = seen(client, way(page, "line-before"))
    assert "Step 2 of 4" in text(before)
    assert "heldout_accuracy" in heading(before)
    assert seen(client, way(before, "line-after")) == page
    assert 'id="line-before"' not in seen(client, at(run, 1, "?line=1"))
    assert 'id="line-after"' not in seen(client, at(run, 4, "?line=last"))


def test_a_step_further_is_the_same_line(alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)
    page = seen(client, at(run, 1, "?line=15"))
    assert "loss.backward()" in heading(page)
    (href,) = re.findall(r'id="step-after" href="([^"]+)"', page)
    other = seen(client, html.unescape(href))
    assert "Step 2 of 4" in text(other)
    assert heading(other) == heading(page)


def test_a_line_that_did_not_run_there_leads_to_the_end_of_the_pass(alice: User) -> None:
    run = stored(short(), alice)
    assert "optimizer.step()" in heading(seen(browser(alice), at(run, 2, "?at=1")))


def test_the_slider_leads_to_the_address_of_its_step(alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)
    response = client.get(at(run, 1, "?step=3&at=22&tensor=0.weight"))
    assert response.status_code == 302
    there = urlsplit(response["Location"])
    assert there.path == at(run, 3)
    assert dict(parse_qsl(there.query)) == {"at": "22", "tensor": "0.weight"}


@pytest.mark.parametrize("step", ["0", "5", "-1", "x", "1.0", "9" * 30, "²"])
def test_a_step_that_is_not_there_is_404(step: str, alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)
    assert client.get(f"/runs/{run.pk}/steps/{step}/").status_code == 404
    assert client.get(at(run, 1, f"?step={step}")).status_code == 404


@pytest.mark.parametrize("line", ["0", "99", "-1", "x", "", "9" * 30, "²"])
def test_a_line_that_did_not_run_is_404(line: str, alice: User) -> None:
    run = stored(short(), alice)
    assert browser(alice).get(at(run, 1), {"line": line}).status_code == 404


@pytest.mark.parametrize("at_", ["0", "99", "-1", "x", "", "9" * 30, "²"])
def test_a_program_line_that_is_none_opens_the_step(at_: str, alice: User) -> None:
    run = stored(short(), alice)
    assert browser(alice).get(at(run, 2), {"at": at_}).status_code == 200


def test_a_run_without_lines_has_no_steps(alice: User) -> None:
    for trace in (short("zero_grad:3"), cut_short(at=0)):
        run = stored(trace, alice)
        assert browser(alice).get(at(run, 1)).status_code == 404
        assert "step by step" not in seen(browser(alice), run.get_absolute_url())


def test_another_person_s_steps_do_not_exist(alice: User, bob: User) -> None:
    run = stored(short(), alice)
    assert browser(bob).get(at(run, 1)).status_code == 404
    assert browser().get(at(run, 1)).status_code == 404


def test_while_no_runner_is_free_the_page_says_so(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> dict[str, object]:
        raise Busy(3)

    monkeypatch.setattr(executor(), "replay", busy)
    response = browser(alice).get(at(stored(short(), alice), 2))
    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert "every runner is busy" in text(response.content)


@pytest.mark.parametrize(("name", "step"), [("short", 1), ("fails in place", 2)])
def test_the_page_of_a_run_leads_in(name: str, step: int, alice: User) -> None:
    run = stored(RUNS[name](), alice)
    page = seen(browser(alice), run.get_absolute_url())
    assert f'href="{at(run, step)}"' in page


# -- what it says --------------------------------------------------------------------------


def said_of(run: Run, client: Client, step: int, code: str) -> str:
    """What is said of the first line of a step that reads like this."""
    for line in range(1, 40):
        page = seen(client, at(run, step, f"?line={line}"))
        if heading(page).endswith(code):
            return says(page)
    raise AssertionError(code)


def test_it_says_what_each_line_did(alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)
    expected = {
        "x = scale(x)": "x of shape (20, 10) holds something else now.",
        "optimizer.zero_grad()": "4 gradients were dropped: now None. No parameter moved.",
        "loss.backward()": "4 gradients now exist, one per parameter tensor. No parameter moved.",
        "optimizer.step()": "4 of 4 parameter tensors moved. "
        "12 tensors in the state of the optimizer changed.",
        "model.eval()": "model: eval mode from here on.",
        "with torch.no_grad():": "From here on autograd records nothing.",
    }
    for code, words in expected.items():
        assert said_of(run, client, 2, code) == words


def test_it_does_not_say_that_a_line_did_what_it_did_not(alice: User) -> None:
    run, client = stored(RUNS["accumulating"](), alice), browser(alice)
    assert "4 gradients that were there changed" in said_of(run, client, 2, "loss.backward()")
    run = stored(RUNS["never moves"](), alice)
    assert "dropped" not in said_of(run, client, 1, "optimizer.zero_grad()")
    run = stored(RUNS["no graph"](), alice)
    assert "gradient" not in said_of(run, client, 2, "loss.backward()")
    run = stored(RUNS["not finite"](), alice)
    same = said_of(run, client, 8, "loss = criterion(logits, y)")
    assert "loss was bound anew, to the same as before." in same


def test_before_there_is_a_loss_there_is_no_graph(alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)
    assert "no graph yet" in text(seen(client, at(run, 2, "?line=2")))
    after = text(seen(client, at(run, 2, "?line=5")))
    assert "11 nodes; 4 of them stand for a parameter" in after
    assert "no graph yet" not in after
    run = stored(RUNS["no graph"](), alice)
    assert "loss has no grad_fn" in text(seen(client, at(run, 1)))


def test_a_tensor_can_be_chosen_and_is_kept_on_the_way(alice: User) -> None:
    run, client = stored(short(), alice), browser(alice)
    page = seen(client, at(run, 2, "?line=4&tensor=0.bias"))
    assert "0.bias (4,)" in text(page)
    (on,) = re.findall(r'id="line-after" href="([^"]+)"', page)
    assert "tensor=0.bias" in on
    gone = seen(client, at(run, 2, "?line=4&tensor=0.bias.grad"))
    assert "After this line there is no 0.bias.grad" in text(gone)
    odd = seen(client, at(run, 2, "?line=4&tensor=%3Cscript%3E"))
    assert "<script>" not in odd.split("<main")[1].split("</main>")[0]


def test_numbers_that_are_none_are_shown_as_such(alice: User) -> None:
    run, client = stored(RUNS["not finite"](), alice), browser(alice)
    page = text(seen(client, at(run, 8, "?line=4&tensor=logits")))
    assert "60 cells in solid ink are not finite" in page
    assert "20 of 20 rows have no finite loss" in page
    assert "not a number" not in says(seen(client, at(run, 8)))


def test_the_numbers_of_the_tensor_are_the_replay_s(alice: User) -> None:
    trace = short()
    run, client = stored(trace, alice), browser(alice)
    told = moments(trace, 2)
    entry = told["moments"][3]["set"]["logits"]
    first = told["values"][entry["value"]]["numbers"][0]
    page = seen(client, at(run, 2, "?line=4&tensor=logits"))
    cells = text(page.split('aria-label="Numbers of logits"')[1].split("</tr>")[1])
    assert cells.split() == ["0", *(f"{number:.3f}".replace("-", "−") for number in first)]
