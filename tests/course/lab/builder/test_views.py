"""The page of the builder: its address is its whole state, and what is wrong with it is said."""

import gzip
import re
from html import unescape
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from course.accounts.models import User
from course.lab.builder.desk import Desk, spelled
from tests.forms import form_of
from tests.staging import SHORT, alice, bob, browser, nothing_written, short, stored, text
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.engine.vocabulary import CORRECT, VOCABULARY

__all__ = ["alice", "bob"]

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
ERROR = re.compile(r'id="id_(\w+)"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_(\w+)"')


def lines_of(page: bytes) -> list[str]:
    """The lines of the builder, as its hidden field has them."""
    found = form_of(page, id="desk")["lines"]
    return [item.partition(":")[0] for item in found.split(",")]


def invalid(page: bytes) -> set[str]:
    return {one or other for one, other in ERROR.findall(page.decode())}


def test_without_a_query_it_shows_the_correct_loop_and_calm_settings(client: Client) -> None:
    response = client.get("/lab/")
    form = form_of(response.content, id="desk")
    assert lines_of(response.content) == list(CORRECT)
    assert (form["lr"], form["seed"], form["rows"], form["alterations"]) == ("0.02", "138", "", "")
    assert invalid(response.content) == set()


def test_settings_and_lines_come_from_the_address(client: Client) -> None:
    query = "dataset=iris&lr=0.3&seed=9&alterations=outlier&lines=zero_grad,forward:3"
    response = client.get(f"/lab/?{query}")
    form = form_of(response.content, id="desk")
    assert [form[name] for name in ("dataset", "lr", "seed", "alterations")] == [
        "iris", "0.3", "9", "outlier",
    ]  # fmt: skip
    assert form["lines"] == Program.parse("zero_grad,forward:3").spelling()
    assert "level 3: logits = model(x)" in response.content.decode()


def test_the_link_of_the_page_leads_to_the_same_page(client: Client) -> None:
    query = "dataset=wine&lr=0.123456789&hidden=7&rows=50&data_seed=4&lines=step,loss:4"
    before = client.get(f"/lab/?{query}")
    (link,) = re.findall(r'<a href="([^"]+)">settings and loop as a link', before.content.decode())
    after = client.get(unescape(link))
    first, again = (form_of(each.content, id="desk") for each in (before, after))
    assert {**first, "nonce": ""} == {**again, "nonce": ""}
    assert first["lr"] == "0.123456789"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("lr", "-3", "Must be above 0"),
        ("epochs", "many", "Must be a whole number."),
        ("dataset", "tea", "Choose one of"),
        ("rows", "5000", "Must be between"),
        ("alterations", "nothing-such", "Choose among"),
        ("lines", "forward,fly", "is not in the vocabulary"),
        ("lines", ",".join(["forward"] * 60), "are too many"),
    ],
)
def test_a_bad_value_is_kept_with_its_reason_beside_it(
    client: Client, name: str, value: str, why: str
) -> None:
    with nothing_written():
        response = client.get("/lab/", {name: value})
    assert response.status_code == 200
    assert invalid(response.content) == {name}
    assert form_of(response.content, id="desk")[name] == value
    assert why in text(response.content)


def test_settings_that_cannot_be_run_leave_the_loop_as_it_is(client: Client) -> None:
    response = client.get("/lab/?lr=-3&lines=step,loss")
    assert lines_of(response.content)[11:13] == ["step", "loss"]
    moved = client.get("/lab/?lr=-3&lines=step,loss&do=down-12")
    assert parse_qs(urlsplit(moved["Location"]).query)["lr"] == ["-3"]


def test_a_run_lends_its_settings_and_its_program(alice: User) -> None:
    run = stored(short("zero_grad,forward", lr=0.5), alice)
    response = browser(alice).get(f"/lab/?run={run.pk}")
    form = form_of(response.content, id="desk")
    assert form["lr"] == "0.5"
    assert form["rows"] == str(SHORT.rows)
    assert form["lines"] == run.program
    other = browser(alice).get(f"/lab/?run={run.pk}&lr=0.7")
    assert form_of(other.content, id="desk")["lr"] == "0.7"


def test_a_run_of_somebody_else_is_not_there(alice: User, bob: User) -> None:
    run = stored(short(), alice)
    for address in (f"/lab/?run={run.pk}", "/lab/?run=nothing"):
        assert browser(bob).get(address).status_code == 404
        assert browser(None).get(address).status_code == 404


def test_a_dataset_brings_its_own_number_of_rows(client: Client, alice: User) -> None:
    run = stored(short(), alice)
    response = browser(alice).get(f"/lab/?run={run.pk}&dataset=iris")
    assert form_of(response.content, id="desk")["rows"] == ""
    assert Desk.of({"dataset": "iris"}, None).spec.rows == 100


def test_the_page_asks_the_database_for_little_and_is_small(
    client: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(0):
        page = client.get("/lab/").content
    assert len(gzip.compress(page)) < 20_000
    stored(short(), alice)
    for seed in range(6):
        stored(short(seed=seed), alice)
    run, mine = stored(short("step"), alice), browser(alice)
    # Session, person, what is due, run, the correct run, its tensors, and one's own data sets.
    with django_assert_max_num_queries(7):
        mine.get(f"/lab/?run={run.pk}")


# -- the buttons -----------------------------------------------------------------------


def press(client: Client, action: str, address: str = "/lab/", **more: str) -> bytes:
    """Send the builder's form by one of its buttons; the page that comes of it."""
    form = form_of(client.get(address).content, id="desk")
    with nothing_written():
        response = client.get("/lab/", form | {"do": action} | more, follow=True)
    assert response.status_code == 200
    return response.content


def test_a_button_leads_to_the_address_of_what_it_made(client: Client) -> None:
    form = form_of(client.get("/lab/").content, id="desk")
    response = client.get("/lab/", form | {"do": "up-14"})
    assert response.status_code == 302
    query = dict(parse_qsl(urlsplit(response["Location"]).query))
    assert query.keys() == {
        "dataset", "batch_size", "epochs", "hidden", "optimizer", "lr", "seed", "data_seed",
        "lines", "at",
    }  # fmt: skip
    assert query["at"] == "up-13"
    page = client.get(response["Location"]).content
    assert lines_of(page)[12:14] == ["loss", "forward"]
    (focused,) = re.findall(r'value="([^"]+)"[^>]* autofocus', page.decode())
    assert focused == "up-13"


def test_the_five_lines_are_arranged_by_buttons_alone(client: Client) -> None:
    page = client.get("/lab/?lines=step,backward,loss,forward,zero_grad").content
    for action in ("move-16-12", "move-16-13", "move-16-14", "move-16-15"):
        form = form_of(page, id="desk")
        page = client.get("/lab/", form | {"do": action}, follow=True).content
    assert lines_of(page) == list(CORRECT)


def test_what_cannot_be_done_is_said_and_changes_nothing(client: Client) -> None:
    page = press(client, "up-1")
    assert "This line is the first already." in text(page)
    assert lines_of(page) == list(CORRECT)


def test_a_line_is_added_where_the_form_says(client: Client) -> None:
    page = press(client, "add-clip", after="15")
    assert lines_of(page)[15] == "clip"
    assert re.search(r'<details class="more" data-group="batch" open>', page.decode())


def test_htmx_gets_the_desk_its_address_and_a_sentence(client: Client) -> None:
    form = form_of(client.get("/lab/").content, id="desk")
    response = client.get("/lab/", form | {"do": "up-14"}, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<form method="get"')
    assert "Line 14 moved up, now 13 of 22." in page
    assert 'id="kept" hidden hx-swap-oob="true"' in page
    pushed = response["HX-Push-Url"]
    assert "do=" not in pushed
    assert "at=" not in pushed
    whole = client.get(pushed).content
    assert lines_of(whole) == lines_of(response.content)


def test_htmx_is_told_a_refusal_too(client: Client) -> None:
    response = client.get("/lab/", {"do": "up-1"}, headers=HTMX)
    assert "This line is the first already." in text(response.content)
    assert re.search(r'value="up-1"[^>]* autofocus', response.content.decode())


def test_every_line_of_the_vocabulary_is_on_the_shelf(client: Client) -> None:
    page = client.get("/lab/").content.decode()
    assert set(re.findall(r'value="add-(\w+)"', page)) == set(VOCABULARY)


def test_one_can_start_from_three_programs(client: Client) -> None:
    page = client.get("/lab/?lr=0.5&lines=step").content.decode()
    starts = [unescape(each) for each in re.findall(r'href="([^"]+do=start-\w+)"', page)]
    found = [client.get(start, follow=True).content for start in starts]
    assert [len(lines_of(each)) for each in found] == [22, 17, 22]
    assert [form_of(each, id="desk")["lr"] for each in found] == ["0.5"] * 3


def test_a_line_that_stands_elsewhere_is_shown_where_it_stands(client: Client) -> None:
    page = client.get("/lab/?lines=" + spelled(Program.parse("forward:1,loss"))).content.decode()
    titles = re.findall(r'<h3 id="part-\d">([^<]+)<', page)
    assert titles == ["Once, before", "Each epoch", "Each batch", "After the batches"]
    assert re.findall(r'<ol start="(\d+)">', page) == ["1", "8", "11", "12"]


def test_the_text_of_the_loop_fills_the_box(client: Client) -> None:
    page = client.get("/lab/?lines=zero_grad&text=1").content.decode()
    (box,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert unescape(box) == Program.parse("zero_grad").source(RunSpec())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([*RunSpec().as_dict(), "lines", "do", "after", "at", "preset", "x"]),
        st.one_of(
            st.text(max_size=30),
            st.integers().map(str),
            st.sampled_from(["up-3", "add-step", "move-2-9", "in-0", "iris", "published"]),
            st.lists(st.sampled_from(sorted(VOCABULARY)), max_size=8).map(",".join),
        ),
    )
)
def test_no_address_is_too_odd(client: Client, query: dict[str, str]) -> None:
    assert client.get("/lab/", query, follow=True).status_code == 200
    assert client.get("/lab/", query, headers=HTMX).status_code == 200
