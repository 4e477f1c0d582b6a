"""Pages of experiments: asked before, run, compared, told; for guests too."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.lab.experiments.finding import experiments_for
from course.lab.models import Experiment
from tests.course.lab.experiments.read import EXPERIMENTS
from tests.sizes import size
from tests.staging import Raising, browser, nothing_written, short, stored, text, without_trace
from trainer.executors.contract import Busy
from trainer.models import Run

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("loaded"),
    pytest.mark.filterwarnings("ignore::UserWarning"),  # PyTorch's, of shapes that differ
]

LIST = "/lab/experiments/"
TRIED = EXPERIMENTS["zero-between"]
AT = f"{LIST}{TRIED.name}/"
RIGHT = str(TRIED.answer)
TRUTH = "Every line runs, nothing complains"


def page(client: Client, at: str = AT) -> str:
    response = client.get(at)
    assert response.status_code == 200
    return text(response.content)


def run_both(client: Client, at: str = AT, **fields: str) -> str:
    """Send the form; where it led."""
    sent = {"seed": "3", "said": RIGHT, "nonce": "n" * 32} | fields
    response = client.post(at, sent)
    assert response.status_code == 303
    return response["Location"]


# -- the list ------------------------------------------------------------------------------


def test_the_list_names_every_experiment_with_its_claim() -> None:
    seen = page(browser(), LIST)
    for tried in EXPERIMENTS.values():
        assert tried.title in seen
    assert "“zero_grad() may stand anywhere in the loop.”" in seen


def test_the_list_says_what_the_learner_has_run(alice: User, bob: User) -> None:
    client = browser(alice)
    assert "you ran it" not in page(client, LIST)
    run_both(client)
    assert page(client, LIST).count("you ran it") == 1
    assert "1 of 18 run" in page(client, LIST)
    assert "you ran it" not in page(browser(bob), LIST)


def test_half_of_a_pair_is_not_a_run_of_the_experiment(alice: User) -> None:
    client = browser(alice)
    run_both(client)
    Run.objects.of(alice).exclude(program=TRIED.asked().program.spelling()).delete()
    assert "you ran it" not in page(client, LIST)


def test_an_archived_experiment_is_gone(alice: User) -> None:
    Experiment.objects.filter(name=TRIED.name).update(archived=True)
    assert TRIED.title not in page(browser(), LIST)
    assert browser(alice).get(AT).status_code == 404
    assert browser(alice).post(AT, {"seed": "1"}).status_code == 404
    assert experiments_for([TRIED.misconception]) == {}


def test_a_lesson_leads_to_the_experiments_of_its_stage() -> None:
    link = 'href="/lab/experiments/#backpropagation"'
    assert link in browser().get("/lessons/backpropagation/").content.decode()
    Experiment.objects.filter(stage="backpropagation").update(archived=True)
    assert link not in browser().get("/lessons/backpropagation/").content.decode()


def test_the_pages_ask_little_of_the_database(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(alice)
    there = run_both(client)
    for at, most in ((LIST, 5), (AT, 4), (there, 6)):
        with django_assert_max_num_queries(most):
            client.get(at)


# -- before the run ------------------------------------------------------------------------


def test_before_the_run_the_truth_is_not_on_the_page() -> None:
    with nothing_written():
        seen = browser().get(AT).content.decode()
    assert TRUTH not in seen
    assert text(seen).count("in the other run only") == 1
    assert text(seen).count("in this run only") == 1


def test_show_me_passes() -> None:
    with nothing_written():
        seen = page(browser(), f"{AT}?show=1")
    assert TRUTH in seen
    assert "What do you expect?" in seen


def test_one_has_to_say_what_one_expects(alice: User) -> None:
    client = browser(alice)
    for said in ("", "0", "9", "x", "-1"):
        with nothing_written():
            response = client.post(AT, {"seed": "77", "said": said})
        assert response.status_code == 422
        assert "Say what you expect first" in text(response.content)
        assert 'value="77"' in response.content.decode()
        assert TRUTH not in text(response.content)


def test_who_was_shown_need_not_say(alice: User) -> None:
    there = run_both(browser(alice), said="", passed="1")
    assert "said=" not in there
    assert "You expected" not in page(browser(alice), there)


def test_a_seed_that_cannot_be_run_comes_back_with_its_reason(alice: User) -> None:
    client = browser(alice)
    for seed in ("many", "-1", "9" * 30):
        response = client.post(AT, {"seed": seed, "said": RIGHT, "nonce": "m" * 32})
        seen = response.content.decode()
        assert response.status_code == 422
        assert re.search(r'class="errorlist"[^>]*id="id_seed_error"', seen)
        assert f'value="{seed}"' in seen
        assert f'value="{RIGHT}" required checked' in seen
        assert f'value="{"m" * 32}"' in seen
    assert not Run.objects.of(alice).exclude(status="refused").exists()


# -- the run -------------------------------------------------------------------------------


def test_a_guest_makes_both_runs_under_the_same_seed() -> None:
    client = browser()
    there = run_both(client)
    assert there.endswith("#came")
    runs = list(Run.objects.filter(owner__isnull=False))
    assert {run.spec["seed"] for run in runs} == {3}
    assert {run.program for run in runs} == {
        asked.program.spelling() for asked in (TRIED.asked(3), TRIED.asked_beside(3))
    }
    seen = page(client, there)
    assert "All updates of the run together have a length of 0." in seen
    assert "The effect is there in your run." in seen
    assert "You expected: “Nothing.” The runs say so too." in seen
    assert TRUTH in seen
    assert seen.count("Solid: this run.") == 2


def test_another_expectation_is_said_to_be_none(alice: User) -> None:
    wrong = str(TRIED.answer % len(TRIED.options) + 1)
    client = browser(alice)
    assert "The runs say otherwise." in page(client, run_both(client, said=wrong))


def test_the_run_beside_is_not_made_again(alice: User) -> None:
    client = browser(alice)
    first = run_both(client, nonce="a" * 32)
    again = run_both(client, nonce="b" * 32)
    assert Run.objects.of(alice).count() == 3
    assert re.findall(r"beside=(\w+)", first) == re.findall(r"beside=(\w+)", again)


def test_the_same_form_twice_is_the_same_pair(alice: User) -> None:
    client = browser(alice)
    assert run_both(client) == run_both(client)
    assert Run.objects.of(alice).count() == 2


def test_the_run_beside_is_found_where_the_address_does_not_name_it(alice: User) -> None:
    client = browser(alice)
    there = run_both(client)
    alone = re.sub(r"&beside=\w+", "", there)
    assert alone != there
    assert "The effect is there in your run." in page(client, alone)


def test_a_failed_run_shows_the_message_at_its_line(alice: User) -> None:
    at = f"{LIST}backward-twice/"
    client = browser(alice)
    seen = page(client, run_both(client, at))
    assert "RuntimeError: Trying to backward through the graph a second time" in seen
    assert "the error is in this line" in seen
    assert "The effect is there in your run." in seen


def test_an_effect_that_is_absent_is_said_to_be_absent(alice: User) -> None:
    """Seed 0 has no loss of accuracy there: see what the seeds of the evidence give."""
    at = f"{LIST}forget-zero-grad-sgd/"
    client = browser(alice)
    seen = page(client, run_both(client, at, seed="0"))
    assert "In your run the effect is absent." in seen
    assert "it shows in at least 2 of 20" in seen
    assert "The runs say" not in seen


def test_busy_runners_give_the_form_back(alice: User, runner_raises: Raising) -> None:
    runner_raises(Busy(3))
    response = browser(alice).post(AT, {"seed": "3", "said": RIGHT, "nonce": "n" * 32})
    assert response.status_code == 503
    assert response["Retry-After"] == "3"
    assert f'value="{RIGHT}" required checked' in response.content.decode()


def test_a_run_under_way_is_a_conflict(alice: User) -> None:
    other = without_trace(alice, "pending")
    response = browser(alice).post(AT, {"seed": "3", "said": RIGHT})
    assert response.status_code == 409
    assert other.get_absolute_url() in response.content.decode()


def test_a_run_without_its_partner_says_so(alice: User) -> None:
    client = browser(alice)
    there = run_both(client)
    Run.objects.of(alice).exclude(program=TRIED.asked().program.spelling()).delete()
    alone = re.sub(r"&beside=\w+", "", there)
    seen = page(client, alone)
    assert "The run beside it is missing" in seen
    assert TRUTH not in seen


def test_a_run_of_something_else_is_not_told(alice: User) -> None:
    other = stored(short(), alice)
    seen = page(browser(alice), f"{AT}?run={other.pk}&beside={other.pk}")
    assert "other settings or other lines" in seen
    assert TRUTH not in seen


def test_a_run_under_another_seed_does_not_stand_beside(alice: User) -> None:
    client = browser(alice)
    there = run_both(client)
    elsewhere = run_both(client, seed="4", nonce="o" * 32)
    (beside,) = re.findall(r"beside=(\w+)", elsewhere)
    mixed = re.sub(r"beside=\w+", f"beside={beside}", there)
    seen = client.get(mixed).content.decode()
    assert f"/runs/{beside}/" not in seen


def test_runs_of_others_do_not_exist_here(alice: User, bob: User) -> None:
    there = run_both(browser(alice))
    run, beside = re.findall(r"(?:run|beside)=(\w+)", there)
    for query in (f"run={run}", f"beside={beside}", f"run={'2' * 10}", "run=%00"):
        for client in (browser(bob), browser()):
            with nothing_written():
                assert client.get(f"{AT}?{query}").status_code == 404


@pytest.mark.parametrize("name", sorted(EXPERIMENTS)[:: size(6, 1)])
def test_every_experiment_can_be_run_and_told(name: str, alice: User) -> None:
    at, client = f"{LIST}{name}/", browser(alice)
    page(client, at)
    there = run_both(client, at, said="1", seed="138")
    seen = page(client, there)
    assert "{probe" not in seen
    assert "What came of it" in seen
    assert EXPERIMENTS[name].title in seen
