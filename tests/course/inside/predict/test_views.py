"""The page of the prediction trace: every number is the replay's, any row and epoch, any run."""

import math
import re
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from course.accounts.models import User
from course.drawings.numerals import decimal, signed
from course.heldout.confidence import BINS
from course.inside.predict.forms import as_float32, shortest
from tests.course.inside.reading import NAMES, number, tables, trace_of, values
from tests.staging import browser, nothing_written, short, stored, text, without_trace
from trainer.engine.layout import leads_rows
from trainer.engine.names import Names
from trainer.engine.surveys import REPLAYS
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import Busy
from trainer.models import Run

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8
NOT_LED = ("bad indentation", "linear", "no scaler", "no parameters", "no model")
LED = [name for name in NAMES if name not in NOT_LED]


def at(run: Run, **query: object) -> str:
    return f"/runs/{run.pk}/predict/" + (f"?{urlencode(query)}" if query else "")


def page_of(name: str, owner: User, /, **query: object) -> bytes:
    response = browser(owner).get(at(stored(trace_of(name), owner), **query))
    assert response.status_code == HTTPStatus.OK
    return bytes(response.content)


def last_epoch(trace: Trace) -> int:
    kept = trace.tensor("kept_steps").flat
    ended = [each["epoch"] for each in trace.document["epochs"] if each["last_step"] in kept]
    return int(max(ended, default=0))


def layers_of(page: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for layer, _, value in tables(page)["Every value of this row"][1:]:
        found.setdefault(layer, []).append(value)
    return found


def typed(row: list[float]) -> dict[str, str]:
    return {f"x{index}": repr(value) for index, value in enumerate(row)}


@pytest.mark.parametrize("name", LED)
def test_every_value_is_the_replay_s(name: str, alice: User) -> None:
    trace = trace_of(name)
    for row, epoch in ((0, 0), (7, last_epoch(trace))):
        found = REPLAYS["through"](trace, ["heldout", row, epoch])
        page = page_of(name, alice, row=row, epoch=epoch)
        shown = layers_of(page)
        for layer, key, write in (
            ("input, raw", "raw", decimal), ("input, scaled", "scaled", decimal),
            ("hidden, before ReLU", "hidden_before", signed),
            ("hidden, after ReLU", "hidden", decimal),
            ("logits", "logits", signed), ("softmax", "probabilities", decimal),
        ):  # fmt: skip
            assert shown[layer] == [write(float(each)) for each in found[key]]
        beside = tables(page)["Scores with scaling and without"][1:]
        forgot = found["unscaled"]
        assert [line[3] for line in beside] == [signed(float(each)) for each in forgot["logits"]]
        assert [line[4] for line in beside] == [
            decimal(float(each)) for each in forgot["probabilities"]
        ]


@pytest.mark.parametrize("name", LED)
def test_the_outcome_is_said_as_it_is(name: str, alice: User) -> None:
    trace = trace_of(name)
    names = Names.of(trace.document)
    for row in (0, 3):
        found = REPLAYS["through"](trace, ["heldout", row, last_epoch(trace)])
        told = text(page_of(name, alice, row=row))
        if not all(math.isfinite(float(each)) for each in found["probabilities"]):
            assert "no class is ahead of another" in told
            continue
        label, predicted = names.label(found["label"]), names.label(found["predicted"])
        assert f"{predicted.capitalize()} gets the largest share" in told
        right = found["label"] == found["predicted"]
        assert ("which is its label" in told) == right
        assert (f"but its label is {label}" in told) == (not right)
        if all(math.isfinite(float(each)) for each in found["unscaled"]["probabilities"]):
            same = found["unscaled"]["predicted"] == found["predicted"]
            if name != "scaled by nothing":
                assert ("The prediction stays" in told) == same
                assert ("The prediction changes" in told) == (not same)


def test_a_scaler_that_does_nothing_is_told_as_such(alice: User) -> None:
    assert "leaves every number as it is" in text(page_of("scaled by nothing", alice))


@pytest.mark.parametrize("name", ["calm", "iris", "digits", "wine"])
def test_a_row_of_one_s_own_goes_the_same_way(name: str, alice: User) -> None:
    trace = trace_of(name)
    raw = [float(each) for each in REPLAYS["through"](trace, ["heldout", 2, 1])["raw"]]
    raw[0] = -1.5
    found = REPLAYS["through"](trace, ["typed", raw, 1])
    page = page_of(name, alice, epoch=1, **typed(raw))
    assert layers_of(page)["logits"] == [signed(float(each)) for each in found["logits"]]
    told = text(page)
    assert "Your row through the model after epoch 1" in told
    assert "Nobody has said which class" in told
    beyond = sum(not 0 <= float(each) <= 1 for each in found["scaled"])
    assert beyond >= 1
    assert f"{beyond} of its {len(raw)} columns" in told
    assert values(page)["x0"] == "-1.5"


@pytest.mark.parametrize("name", ["calm", "iris", "digits", "wine"])
def test_the_fields_begin_with_the_row_and_lead_to_it(name: str, alice: User) -> None:
    """What stands in the fields, sent as it is, is that row to the last bit."""
    trace = trace_of(name)
    page = page_of(name, alice, row=3, epoch=1)
    given = {key: value for key, value in values(page).items() if key.startswith("x")}
    found = REPLAYS["through"](trace, ["heldout", 3, 1])
    assert [as_float32(float(value)) for value in given.values()] == found["raw"]
    again = page_of(name, alice, epoch=1, **given)
    assert layers_of(again) == layers_of(page)


@pytest.mark.parametrize("value", [5.1, 0.0, -0.25, 1e6, 49.625656, 1e-7, 3.4e38])
def test_the_shortest_text_is_the_same_float32(value: float) -> None:
    known = as_float32(value)
    assert "e" not in shortest(as_float32(10.0))
    assert as_float32(float(shortest(known))) == known
    assert len(shortest(known)) <= len(f"{known:.9g}")


@pytest.mark.parametrize("name", ["calm", "iris", "digits"])
def test_an_opened_sum_adds_up_to_the_layer(name: str, alice: User) -> None:
    trace = trace_of(name)
    found = REPLAYS["through"](trace, ["heldout", 1, 1])
    for query, weights, bias, values_, total in (
        ({"unit": 2}, "weight1", "bias1", "scaled", "hidden_before"),
        ({"logit": 2}, "weight2", "bias2", "hidden", "logits"),
    ):
        page = page_of(name, alice, row=1, epoch=1, **query)
        (label,) = [each for each in tables(page) if each.endswith("term by term")]
        terms = tables(page)[label][1:]
        shown = [[number(cell) for cell in line[1:]] for line in terms if line[1]]
        pairs = zip(found[weights][2], found[values_], strict=True)
        for line, (weight, value) in zip(shown, pairs, strict=True):
            assert line == pytest.approx([weight, value, weight * value], abs=6e-6)
        ends = {line[0]: number(line[3]) for line in terms if not line[1]}
        assert ends["bias"] == pytest.approx(found[bias][2], abs=6e-6)
        assert ends["sum"] == pytest.approx(found[total][2], abs=6e-6)
        assert ends["all products"] + ends["bias"] == pytest.approx(ends["sum"], abs=3e-5)
        assert ("after ReLU" in ends) == ("unit" in query)


def test_numbers_that_are_not_finite_open_as_a_table_alone(alice: User) -> None:
    page = page_of("not finite", alice, unit=0)
    assert "Some of these numbers are not finite any more." in text(page)
    assert any(label.endswith("term by term") for label in tables(page))


# -- all held-out rows -----------------------------------------------------------------------


@pytest.mark.parametrize("name", LED)
def test_cells_and_bins_count_the_rows_that_their_lists_hold(name: str, alice: User) -> None:
    trace, epoch = trace_of(name), last_epoch(trace_of(name))
    run, client = stored(trace, alice), browser(alice)
    every = REPLAYS["heldout"](trace, epoch)
    pairs = list(zip(every["labels"], every["predicted"], strict=True))
    page = client.get(at(run)).content.decode()
    for label, named in sorted({*pairs})[:2]:
        wanted = [at_ for at_, pair in enumerate(pairs) if pair == (label, named)]
        assert f"label={label}&amp;predicted={named}#rows" in page
        assert listed(client, run, label=label, predicted=named) == wanted
    sure = [max(map(float, odds)) if "nan" not in odds else None for odds in every["probabilities"]]
    for tenth in range(BINS):
        wanted = [
            at_ for at_, each in enumerate(sure)
            if each is not None and min(int(each * BINS), BINS - 1) == tenth
        ]  # fmt: skip
        assert (f"tenth={tenth}#rows" in page) == bool(wanted)
        if wanted and len(wanted) < 90:
            assert listed(client, run, tenth=tenth) == wanted
    wrong = [at_ for at_, (label, named) in enumerate(pairs) if label != named and sure[at_]]
    told = text(page)
    assert ("The surest wrong one is" in told) == bool(wrong)
    if wrong:
        surest = max(wrong, key=lambda at_: sure[at_] or 0.0)
        assert f"The surest wrong one is row {surest}:" in told


def listed(client: Client, run: Run, **chosen: int) -> list[int]:
    """The rows of a list, over all of its pages."""
    found: list[int] = []
    for page in range(1, 30):
        content = client.get(at(run, **chosen, page=page)).content
        labels = [each for each in tables(content) if each.startswith("Rows ")]
        rows = [int(line[0]) for line in tables(content)[labels[0]][1:]]
        if rows[-1:] == found[-1:]:
            return found
        found += rows
    return found


def test_a_list_of_nothing_is_no_list(alice: User) -> None:
    for query in ({"label": "9", "predicted": "1"}, {"tenth": "77"}, {"label": "x"}, {"label": 1}):
        assert 'id="rows"' not in page_of("calm", alice, **query).decode()
    assert "0 rows." in text(page_of("iris", alice, label=0, predicted=2))


def test_small_bins_are_said_to_be_small(alice: User) -> None:
    for name in ("calm", "iris", "digits"):
        page = page_of(name, alice)
        (label,) = [each for each in tables(page) if each.startswith("How sure")]
        counts = [int(line[1]) for line in tables(page)[label][1:]]
        small = sum(each < 10 for each in counts)
        said = re.search(r"(\d+) of (\d+) bins? holds? fewer than 10 rows", text(page))
        assert (said is not None) == bool(small)
        if said:
            assert (int(said[1]), int(said[2])) == (small, len(counts))


# -- what cannot be --------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_any_run_has_a_page(name: str, alice: User) -> None:
    run, client = stored(trace_of(name), alice), browser(alice)
    for query in ({}, {"row": 3, "epoch": 0, "unit": 0}, {"logit": 0, "tenth": 9}):
        response = client.get(at(run, **query))
        assert response.status_code == HTTPStatus.OK
        told = text(response.content)
        for bad in ("None", "[object", "{{", "{%"):
            assert bad not in told
    if name not in LED:
        assert "left no such model" in told


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"row": "500"}, "row", "from 0 to 499: the held-out rows."),
        ({"row": "-1"}, "row", "from 0 to 499"),
        ({"row": "1.5"}, "row", "from 0 to 499"),
        ({"row": "9" * 30}, "row", "from 0 to 499"),
        ({"epoch": "3"}, "epoch", "from 0 to 2: 0 is before training."),
        ({"epoch": ""}, "epoch", "from 0 to 2"),
        ({"unit": "4"}, "unit", "from 0 to 3: the hidden units."),
        ({"logit": "x"}, "logit", "from 0 to 2: the classes."),
        ({"x3": "abc"}, "x3", "Must be a number"),
        ({"x3": "1e7"}, "x3", "Must be between −1,000,000 and 1,000,000."),
        ({"x3": "nan"}, "x3", "Must be a number"),
        ({"x3": "0,5"}, "x3", "Write a point"),
        ({"x9": "7" * 70}, "x9", "at most 60 characters"),
        ({"x1": "2"}, "x0", "Type a number."),
    ],
)
def test_what_cannot_be_read_comes_back_with_a_sentence(
    query: dict[str, str], field: str, words: str, alice: User
) -> None:
    response = browser(alice).get(at(stored(short(), alice), **query))
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert words in text(response.content)
    assert values(response.content)[field] == query.get(field, "")


def test_a_cell_of_a_picture_that_cannot_be_read_is_named(alice: User) -> None:
    given = dict.fromkeys((f"x{at_}" for at_ in range(64)), "1") | {"x9": "ink"}
    response = browser(alice).get(at(stored(trace_of("digits"), alice), **given))
    assert response.status_code == HTTPStatus.BAD_REQUEST
    page = response.content.decode()
    assert "x[9] (pixel 1:1): Must be a number" in text(page)
    assert 'aria-describedby="id_x9_error"' in page
    assert '<li id="id_x9_error">' in page


def test_a_run_that_left_nothing_says_so(alice: User) -> None:
    for status in ("interrupted", "refused"):
        response = browser(alice).get(at(without_trace(alice, status)))
        assert response.status_code == HTTPStatus.OK
        assert "no model to lead a row through" in text(response.content)


def test_without_a_runner_the_page_says_so(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*args: object) -> Trace:
        raise Busy(3)

    run = stored(short(seed=78), alice)
    monkeypatch.setattr(executor(), "replay", busy)
    response = browser(alice).get(at(run))
    assert response.status_code == HTTPStatus.OK
    assert "no runner is free" in text(response.content)


def test_looking_asks_little_and_writes_nothing(alice: User) -> None:
    run, client = stored(trace_of("calm"), alice), browser(alice)
    for query in ({}, {"row": 3, "unit": 1, "tenth": 9}, typed([1.0] * 10)):
        with nothing_written(), CaptureQueriesContext(connection) as asked:
            assert client.get(at(run, **query)).status_code == HTTPStatus.OK
        assert len(asked) <= MOST_QUERIES


def test_the_page_of_a_run_leads_there_where_rows_can_be_led(alice: User) -> None:
    for name, there in (("calm", True), ("dropout", True), ("linear", False), ("no model", False)):
        run = stored(trace_of(name), alice)
        page = browser(alice).get(run.get_absolute_url()).content.decode()
        assert (f'href="{at(run)}"' in page) == there


def test_another_person_s_run_is_not_there(alice: User, bob: User) -> None:
    run = stored(short(), alice)
    for client in (browser(bob), Client()):
        assert client.get(at(run)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_led_through_what_can_be_followed(name: str) -> None:
    assert leads_rows(trace_of(name)) == (name in LED)
