"""Equal specs give equal traces: in repetition, in threads, in a fresh process."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.processes import python
from tests.sizes import size
from tests.trainer.engine.reading import OPTIMIZERS, body, small, strict
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace

SPECS = [
    PRESETS["calm"],
    RunSpec(rows=250, batch_size=60, epochs=2),
    *(small(optimizer=name) for name in OPTIMIZERS),
    RunSpec(optimizer="adamw", lr=1e9, epochs=2),
]

FRESH = """
import json
from trainer.engine import recorder
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
recorder.TIME_BUDGET = 50  # the first optimizer of a process imports half of PyTorch
specs = json.loads({specs!r})
print(json.dumps([run(RunSpec(**spec), Program.correct()).document["digest"] for spec in specs]))
"""


def digest(spec: RunSpec) -> str:
    found: str = run(spec, Program.correct()).document["digest"]
    return found


def test_the_digest_is_the_hash_of_everything_but_the_id(variety: dict[str, Trace]) -> None:
    for trace in variety.values():
        rest = {k: v for k, v in trace.document.items() if k not in ("id", "digest")}
        text = orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)
        assert strict(text.decode()) == rest
        expected = hashlib.sha256(text + b"\0" + trace.tensors).hexdigest()
        assert trace.document["digest"] == trace.fingerprint() == expected


def test_the_digest_depends_on_every_number_and_tensor_and_not_on_the_id(calm: Trace) -> None:
    steps = json.loads(json.dumps(calm.document["steps"]))
    steps[17]["loss"] += 1e-15
    flipped = bytearray(calm.tensors)
    flipped[-1] ^= 1
    others = [
        Trace(calm.document | {"steps": steps}, calm.tensors),
        Trace(calm.document | {"status": "stopped"}, calm.tensors),
        Trace(calm.document, bytes(flipped)),
    ]
    prints = {calm.fingerprint(), *(other.fingerprint() for other in others)}
    assert len(prints) == 4
    assert Trace(calm.document | {"id": "abcdefghij"}, calm.tensors).fingerprint() in prints


def test_a_run_repeated_is_the_same_run() -> None:
    assert len({digest(PRESETS["calm"]) for _ in range(size(20, 500))}) == 1


def test_eight_threads_at_once_give_the_traces_of_one() -> None:
    expected = [digest(spec) for spec in SPECS]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(digest, SPECS * size(4, 50)))
    assert found == expected * size(4, 50)


def test_a_fresh_process_gives_them_too(tmp_path: Path) -> None:
    code = FRESH.format(specs=json.dumps([spec.as_dict() for spec in SPECS]))
    answered = python(code, tmp_path)
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout) == [digest(spec) for spec in SPECS]


def test_each_setting_is_part_of_the_key() -> None:
    base = small()
    others = [
        replace(base, rows=21),
        replace(base, batch_size=9),
        replace(base, epochs=3),
        replace(base, hidden=5),
        replace(base, optimizer="sgd"),
        replace(base, lr=0.03),
        replace(base, data_seed=2),
        replace(base, seed=139),
    ]
    traces = [run(spec, Program.correct()) for spec in [base, *others]]
    assert len({trace.document["key"] for trace in traces}) == 9
    assert len({trace.document["digest"] for trace in traces}) == 9


def test_the_program_is_part_of_the_key() -> None:
    bodies = [("forward",), ("forward", "loss"), ("loss", "forward"), ("forward", "forward"), ()]
    keys = {run(small(), body(*ids)).document["key"] for ids in bodies}
    assert len(keys) == 5


def test_a_body_in_the_frame_has_the_key_of_the_whole_program() -> None:
    core = ("zero_grad", "forward", "loss", "backward", "step")
    one, other = run(small(), body(*core)), run(small(), Program.correct())
    assert one.document["key"] == other.document["key"]
    assert one.document["digest"] == other.document["digest"]


def test_the_key_is_known_before_the_result_and_is_not_the_digest(calm: Trace) -> None:
    watched = run(PRESETS["calm"], Program.correct(), lambda _: None)
    assert watched.document["key"] == calm.document["key"] != calm.document["digest"]


specs = st.builds(
    small,
    rows=st.integers(10, 14),
    batch_size=st.integers(5, 10),
    epochs=st.integers(1, 2),
    hidden=st.integers(1, 3),
    optimizer=st.sampled_from(OPTIMIZERS[:2]),
    lr=st.sampled_from([1e-9, 0.02, 0.020000000000000004, 1.0, 1e9]),
    data_seed=st.integers(0, 1),
    seed=st.integers(0, 1),
)


@settings(max_examples=size(60, 2000))
@given(one=specs, other=specs)
def test_keys_are_equal_exactly_when_specs_are(one: RunSpec, other: RunSpec) -> None:
    keys = [run(spec, Program.correct()).document["key"] for spec in (one, other)]
    assert (keys[0] == keys[1]) == (one == other) == (one.canonical() == other.canonical())


@pytest.mark.parametrize("whole", [1, 2, 1000])
def test_a_rate_given_as_a_whole_number_is_the_same_rate(whole: int) -> None:
    assert RunSpec(lr=whole).canonical() == RunSpec(lr=float(whole)).canonical()
