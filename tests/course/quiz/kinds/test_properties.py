"""What holds of every kind, whatever is sent to it."""

import json
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.quiz import evidence, marking
from course.quiz.checks import problems
from course.quiz.content import Content
from course.quiz.kinds import KINDS, BadResponseError, Verdict
from course.quiz.models import Kind
from course.quiz.roles import Value, Values
from tests.course.quiz.examples import EXAMPLES, VALUES, shown_of
from trainer.engine.facts import FACTS

HOLDS: dict[str, Value] = {f"fact.{name}": True for name in FACTS}
FAILS: dict[str, Value] = {f"fact.{name}": False for name in FACTS}

_TOKENS = st.sampled_from(
    ["0=1", "1=2", "2=3", "0=", "3:1", "9:9", "line=1", "line=4", "evidence=0", "line=", "0", "1",
     "2", "7", "0.5", "1e9", "", "nan", "-3", "zero_grad", "loss.backward()", "optimizer.step()",
     "for x, y in loader:", "    x", "\x00", "\ud800", "\u0661", "1=99", "99=1"]
)  # fmt: skip
ANYTHING = (
    st.text(max_size=60)
    | st.lists(_TOKENS, max_size=12).map("\n".join)
    | st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
)


def judged(content: Content, raw: str, values: Values, shown: Sequence[str]) -> Verdict | None:
    """The verdict, or None where the answer cannot be read."""
    kind = KINDS[content.kind]
    try:
        response = kind.parse(raw, content, shown)
    except BadResponseError:
        return None
    stored = json.loads(json.dumps(response, allow_nan=False))
    verdict = marking.grade(content, values, response)
    assert verdict == marking.grade(content, values, stored)
    assert isinstance(kind.written(stored, content), str)
    kind.program(stored, content)
    return verdict


def test_each_kind_of_the_database_has_its_rules_and_an_example() -> None:
    assert set(KINDS) == set(Kind.values)
    assert {content.kind for content in EXAMPLES.values()} == set(KINDS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_may_be_published(name: str) -> None:
    assert problems(EXAMPLES[name]) == []


@given(st.sampled_from(sorted(EXAMPLES)), ANYTHING, st.sampled_from([HOLDS, FAILS, {}]))
def test_whatever_is_sent_gets_a_verdict_or_a_message(
    name: str, raw: str, facts: dict[str, Value]
) -> None:
    content = EXAMPLES[name]
    verdict = judged(content, raw, VALUES | facts, shown_of(content))
    if verdict:
        assert math.isfinite(verdict.share)
        assert 0 <= verdict.share <= 1
        assert verdict.correct == (verdict.share == 1)
        assert all(content.option(each) for each in verdict.matched.split())


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_at_all_is_refused(name: str) -> None:
    content = EXAMPLES[name]
    for raw in ("", " ", "\n\n"):
        assert judged(content, raw, VALUES | HOLDS, shown_of(content)) is None


@pytest.mark.parametrize("name", EXAMPLES)
@given(data=st.data())
def test_the_order_shown_never_changes_the_score(name: str, data: st.DataObject) -> None:
    content = EXAMPLES[name]
    names = shown_of(content)
    shown = data.draw(st.permutations(names))
    here, there = (
        {
            (each.matched, each.share, _read(content, each.raw, order))
            for each in marking.samples(content, VALUES | FAILS, order)
        }
        for order in (names, shown)
    )
    assert here == there


def _read(content: Content, raw: str, shown: Sequence[str]) -> str:
    try:
        return str(KINDS[content.kind].parse(raw, content, shown))
    except BadResponseError:
        return "none"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_authors_own_key_earns_everything(name: str) -> None:
    content = EXAMPLES[name]
    values = VALUES | HOLDS
    right = marking.samples(content, values, shown_of(content))[0]
    if content.kind != "choice":
        assert right.share == 1
    verdict = judged(content, right.raw, values, shown_of(content))
    assert verdict
    assert (verdict.share, verdict.correct) == (1, True)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_verdict_comes_again_from_what_an_answer_keeps(name: str) -> None:
    content = EXAMPLES[name]
    for facts in (HOLDS, FAILS):
        kept = evidence.recall(json.loads(json.dumps(evidence.keep(VALUES | facts))))
        for sample in marking.samples(content, VALUES | facts, shown_of(content)):
            first = judged(content, sample.raw, VALUES | facts, shown_of(content))
            assert first == judged(content, sample.raw, kept, shown_of(content))


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_control_writes_out_tells_no_key(name: str) -> None:
    content = EXAMPLES[name]
    told = str(KINDS[content.kind].asks(content, VALUES, shown_of(content)))
    assert "CANARY" not in told
    assert "correct" not in told
    assert "0.35" not in told
