"""Any program of vocabulary lines is answered with a trace, whatever its order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import size
from tests.trainer.engine.reading import body, flat, parameters, same_bits, small, strict
from trainer.engine import observations
from trainer.engine.execute import run, run_plain
from trainer.engine.probes import PROBES
from trainer.engine.program import Program
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import VOCABULARY

STATUSES = {"finished", "failed", "stopped", "interrupted"}
OPENS = ("for_epoch", "for_batch", "no_grad")
IDS = sorted(VOCABULARY)
CORE = ["zero_grad", "forward", "loss", "backward", "step"]
SETUP = ["init_seed", "shuffle_seed", "scaler", "model", "criterion", "optimizer", "loader"]


def check(trace: Trace) -> None:
    """What holds of any trace: strict JSON, a status, sentences, and probes that answer."""
    document = strict(trace.text())
    assert document["status"] in STATUSES
    assert (document["error"] is None) == (document["status"] == "finished")
    assert observations.observe_epochs(document) == [e["observation"] for e in document["epochs"]]
    assert all(each["observation"].endswith(".") for each in document["epochs"])
    for probe in PROBES.values():
        assert isinstance(probe(trace), float | int | str | None)
    if document["error"] and document["error"]["type"] != "IndentationError":
        assert 1 <= document["error"]["line"] <= len(document["source"].splitlines())


def with_fitting_levels(ids: list[str], dedents: list[int]) -> str:
    """The ids indented so that they can be compiled, going back out where `dedents` says so."""
    items, level, opened = [], 0, False
    for name, dedent in zip(ids, dedents, strict=False):
        level = min(level + 1, 6) if opened else max(level - dedent, 0)
        items.append(f"{name}:{level}")
        opened = name in OPENS
    return ",".join(items)


@settings(max_examples=size(60, 2000))
@given(st.lists(st.sampled_from(CORE), max_size=12))
def test_any_repetition_and_omission_of_the_core_lines_is_answered(ids: list[str]) -> None:
    trace = run(small(), body(*ids))
    check(trace)
    if trace.document["status"] == "finished":
        plain = run_plain(small(), body(*ids))
        assert same_bits(parameters(trace)[-1], flat(plain["model"]))


@settings(max_examples=size(60, 2000))
@given(st.lists(st.tuples(st.sampled_from(IDS), st.none() | st.integers(0, 4)), max_size=12))
def test_any_lines_at_any_level_are_answered(items: list[tuple[str, int | None]]) -> None:
    text = ",".join(name if level is None else f"{name}:{level}" for name, level in items)
    check(run(small(), Program.parse(text)))


@settings(max_examples=size(100, 3000))
@given(
    st.permutations(IDS).flatmap(
        lambda ids: st.lists(st.sampled_from(ids), min_size=1, max_size=20)
    ),
    st.lists(st.sampled_from([0, 0, 0, 0, 1, 2]), min_size=30, max_size=30),
)
def test_any_whole_program_is_answered(ids: list[str], dedents: list[int]) -> None:
    text = with_fitting_levels([*SETUP, "for_batch", *ids], dedents)
    check(run(small(), Program.parse(text)))


@settings(max_examples=size(60, 2000))
@given(st.data())
def test_the_correct_program_with_a_few_changes_is_answered(data: st.DataObject) -> None:
    ids = [placed.line.id for placed in Program.correct().lines]
    for _ in range(data.draw(st.integers(1, 4))):
        at, to = data.draw(st.integers(0, len(ids) - 1)), data.draw(st.integers(0, len(ids) - 1))
        match data.draw(st.sampled_from(["move", "drop", "double"])):
            case "move":
                ids.insert(to, ids.pop(at))
            case "drop":
                ids.pop(at)
            case _:
                ids.insert(to, ids[at])
    dedents = data.draw(st.lists(st.sampled_from([0, 0, 0, 1]), min_size=30, max_size=30))
    text = with_fitting_levels(ids, dedents)
    check(run(small(), Program.parse(text)))
    check(run(small(), Program.parse(",".join(ids))))
