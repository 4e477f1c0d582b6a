"""The pages of sweeps: begin one, drive it, leave it, read it."""

import re
from typing import Any

import pytest

from course.accounts.models import User
from tests.forms import form_of
from tests.staging import SHORT, Raising, browser, nothing_written, short, stored, text, trained
from trainer import runs
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.models import Run, Sweep

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SETTINGS = {name: str(value) for name, value in SHORT.as_dict().items()}
FORM = SETTINGS | {"setting": "lr", "values": "0.01, 0.1", "seeds": "2", "nonce": "n"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor(), "run", lambda spec, program, **_: trained(spec, program))


def begun(owner: User, **fields: str) -> Sweep:
    response = browser(owner).post("/lab/sweeps/", FORM | fields)
    assert response.status_code == 303, text(response.content)
    return Sweep.objects.get(pk=response["Location"].split("/")[3])


def driven(owner: User, sweep: Sweep) -> str:
    """Press the button until there is none."""
    client, address = browser(owner), sweep.get_absolute_url()
    for _ in range(sweep.size + 1):
        page = client.get(address).content.decode()
        if "Run the next point" not in page:
            return page
        assert client.post(f"{address}next/")["Location"] == address
    raise AssertionError("The sweep does not end.")


def test_a_visitor_s_first_sweep_makes_a_guest() -> None:
    client = browser()
    form = form_of(client.get("/lab/sweeps/").content, action="/lab/sweeps/")
    assert client.post("/lab/sweeps/", form).status_code == 303
    assert Sweep.objects.get().owner.is_guest


def test_without_javascript_a_button_makes_each_point(alice: User) -> None:
    sweep = begun(alice)
    said = text(driven(alice, sweep))
    assert "Finished: 4 runs" in said
    assert "What it says" in said
    assert sweep.points.count() == 4
    for run in sweep.points.all():
        assert f"run {run.badge}, seed {run.spec['seed']}" in said


def test_looking_makes_no_point(alice: User) -> None:
    sweep, client = begun(alice), browser(alice)
    with nothing_written():
        page = client.get(sweep.get_absolute_url()).content.decode()
    assert "0 of 4 runs" in page
    assert 'hx-trigger="load, submit"' in page


def test_to_htmx_it_answers_with_the_part_that_changed(alice: User) -> None:
    sweep = begun(alice)
    response = browser(alice).post(f"{sweep.get_absolute_url()}next/", headers=HTMX)
    page = response.content.decode()
    assert page.lstrip().startswith('<div id="so-far"')
    assert "1 of 4 runs" in page
    assert sweep.points.count() == 1


def test_not_every_point_is_read_out(alice: User) -> None:
    sweep = begun(alice, values="1 to 20 in 20", setting="seed", seeds="1")
    client, said = browser(alice), []
    for _ in range(20):
        response = client.post(f"{sweep.get_absolute_url()}next/", headers=HTMX)
        said += re.findall('data-said="([^"]*)"', response.content.decode())
    assert said == [
        *(f"{done} of 20 runs are made." for done in (1, 5, 10, 15)),
        "The sweep is finished: 20 runs.",
    ]


def test_cancelled_it_asks_for_nothing_more(alice: User) -> None:
    sweep, client = begun(alice), browser(alice)
    client.post(f"{sweep.get_absolute_url()}next/")
    client.post(f"{sweep.get_absolute_url()}cancel/")
    for response in (
        client.get(sweep.get_absolute_url()),
        client.post(f"{sweep.get_absolute_url()}next/", headers=HTMX),
    ):
        assert "Cancelled after 1 of 4 runs" in text(response.content)
        assert "next/" not in response.content.decode()
    assert sweep.points.count() == 1


def test_while_every_runner_is_busy_it_waits_and_goes_on(
    alice: User, runner_raises: Raising, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep = begun(alice)
    with monkeypatch.context() as patch:
        patch.setattr(executor(), "run", _busy)
        response = browser(alice).post(f"{sweep.get_absolute_url()}next/", headers=HTMX)
    assert (response.status_code, response["Retry-After"]) == (503, "4")
    page = response.content.decode()
    assert "Every runner is busy" in page
    assert 'hx-trigger="load delay:4s, submit"' in page
    driven(alice, sweep)
    sweep.refresh_from_db()
    assert sweep.status == "finished"


def _busy(*args: object, **options: object) -> None:
    raise Busy(4)


def test_a_second_tab_waits_a_little_and_makes_no_point_twice(alice: User) -> None:
    sweep = begun(alice)
    Run.objects.create(
        owner=alice, sweep=sweep, place=0, spec=sweep.point(0).as_dict(), program=sweep.program
    )
    response = browser(alice).post(f"{sweep.get_absolute_url()}next/", headers=HTMX)
    assert 'hx-trigger="load delay:0.5s, submit"' in response.content.decode()
    assert sweep.points.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("values", "0.1", "Give 2 to 20 values"),
        ("values", "0.1, banana", "banana: Must be a number"),
        ("values", "", "This field is required."),
        ("values", "1\0,2", None),
        ("values", "9" * 500, None),
        ("seeds", "0", None),
        ("seeds", "many", "Enter a whole number."),
        ("seeds", "11", "22 runs; a sweep has room for 20"),
        ("setting", "owner", None),
        ("epochs", "999", "Must be between 1 and 200."),
        ("lines", "no_such_line", "is not in the vocabulary"),
        ("is_admin", "1", "Not a setting."),
    ],
)
def test_a_refused_sweep_comes_back_with_the_reason_and_what_was_sent(
    alice: User, field: str, value: str, reason: str | None
) -> None:
    response = browser(alice).post("/lab/sweeps/", FORM | {field: value})
    assert response.status_code == 422
    assert reason is None or reason in text(response.content)
    back = form_of(response.content, action="/lab/sweeps/")
    assert back["nonce"] == "n"
    kept = {name: sent for name, sent in (FORM | {field: value}).items() if name in back}
    assert {name: back[name] for name in kept if name != field} == {
        name: sent for name, sent in kept.items() if name != field
    }
    assert not Sweep.objects.exists()


def test_the_same_form_twice_is_one_sweep(alice: User) -> None:
    assert begun(alice) == begun(alice)


def test_many_sweeps_in_a_short_time_are_too_many(alice: User) -> None:
    for number in range(runs.BUCKET):
        begun(alice, nonce=str(number))
    response = browser(alice).post("/lab/sweeps/", FORM | {"nonce": "one more"})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) < 60


def test_a_sweep_starts_from_the_settings_and_lines_of_a_run(alice: User) -> None:
    run = stored(short("forward,loss", rows=60, data_seed=3), alice)
    client = browser(alice)
    form = form_of(client.get(f"/lab/sweeps/?run={run.pk}").content, action="/lab/sweeps/")
    response = client.post("/lab/sweeps/", form | {"values": "0.1, 0.2", "seeds": "1"})
    assert response.status_code == 303
    sweep = Sweep.objects.get()
    assert (sweep.spec, sweep.program) == (run.spec, run.program)


@pytest.mark.parametrize(
    "fields",
    [
        {"lines": "loss,forward"},
        {"lines": "zero_grad"},
        {"setting": "lr", "values": "0.1, 1e9", "optimizer": "adamw"},
        {"setting": "optimizer", "values": "sgd, adam, rmsprop"},
        {"setting": "hidden", "values": "1, 200", "seeds": "1"},
        {"setting": "seed", "values": "1 to 4 in 4", "seeds": "1"},
        {"dataset": "iris", "rows": "100", "setting": "epochs", "values": "1, 3"},
        {"setting": "rows", "values": "20, 30, 40", "batch_size": "7"},
    ],
)
def test_any_sweep_has_a_page_that_says_what_there_is(alice: User, fields: dict[str, str]) -> None:
    page = driven(alice, begun(alice, **fields))
    assert "Finished:" in page
    said = text(page)
    assert "nan" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "None" not in said


def test_a_failed_point_is_told_with_its_line(alice: User) -> None:
    said = text(driven(alice, begun(alice, lines="loss,forward")))
    assert "NameError: name 'logits' is not defined" in said
    assert "There is nothing to compare" in said


def test_one_s_data_hold_sweeps_and_their_runs(alice: User) -> None:
    sweep = begun(alice)
    driven(alice, sweep)
    told: dict[str, Any] = browser(alice).get("/account/export.json").json()
    (exported,) = told["sweeps"]
    assert (exported["id"], exported["values"]) == (sweep.pk, [0.01, 0.1])
    assert [run["sweep"] for run in told["runs"]] == [sweep.pk] * 4
