"""Any program of vocabulary lines is answered with a trace, whatever its order."""

import builtins
import gc
from collections import Counter
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import size
from tests.trainer.engine.generated import Draw
from tests.trainer.engine.reading import body, flat, parameters, same_bits, small, strict
from trainer.engine import observations
from trainer.engine.execute import run, run_plain
from trainer.engine.probes import PROBES
from trainer.engine.program import Program
from trainer.engine.trace import Trace
from trainer.engine.vocabulary import VOCABULARY

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # PyTorch's, of shapes that differ

STATUSES = {"finished", "failed", "stopped", "interrupted"}
PROGRAMS = size(400, 20_000)
PAGE = 4096
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
        opened = VOCABULARY[name].opens
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


# Another model within the first batch, and an error before that is over.
BROKE_A_PROBE = (
    "init_seed,shuffle_seed,scaler_all,model_one,criterion_mse,optimizer,scheduler,net,model_net,"
    "loader_ordered,for_epoch,eval_mode:1,total_start,count_start,for_batch,model_dropout:2,scale,"
    "zero_grad,forward,loss,backward,step,squeeze,eval_mode:1,heldout_raw:1,heldout_loss:1,"
    "heldout_hits:1,heldout_accuracy:1"
)


def test_what_once_broke_a_probe_is_answered() -> None:
    check(run(small(), Program.parse(BROKE_A_PROBE)))


def resident() -> float:
    """Memory of this process, in MB, without what is garbage already."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 2**20


def test_programs_of_the_whole_vocabulary_end_well_or_in_an_error_with_a_name() -> None:
    """None is over its budget, none grows the process, and every line is in some that finish."""
    endings, lines, settled = Counter[str](), Counter[str](), 0.0
    slowest, known = 0.0, {name for name in dir(builtins) if name.endswith("Error")}
    for seed in range(PROGRAMS):
        program, began = Draw(seed).program(), perf_counter()
        trace = run(small(), program)
        slowest = max(slowest, perf_counter() - began)
        check(trace)
        error = trace.document["error"]
        assert error is None or error["type"] in known, program.spelling()
        endings[trace.document["status"]] += 1
        if error is None:
            lines.update({each.line.id for each in program.lines})
        settled = resident() if seed == PROGRAMS // 2 else settled
    assert set(endings) <= {"finished", "failed"}
    assert endings["finished"] >= 0.3 * PROGRAMS
    assert min(lines[name] for name in IDS) >= PROGRAMS // 100, sorted(lines.items())
    assert resident() - settled < 16
    assert slowest < 10  # a busy machine is slow too
