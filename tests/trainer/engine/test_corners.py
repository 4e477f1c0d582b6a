"""The largest specs that are allowed: each still finishes, and takes little memory."""

import json
from itertools import product
from pathlib import Path

import pytest

from tests.processes import python
from tests.sizes import SOAK
from trainer.engine.datasets import DATASETS
from trainer.engine.spec import MAX_STEPS, RunSpec, SpecError

MEASURE = """
import json, resource
from trainer.engine import recorder
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec

recorder.TIME_BUDGET = 50  # a busy machine says nothing about the spec

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

run(RunSpec(), Program.correct())
before = peak()
trace = run(RunSpec(**json.loads({spec!r})), Program.correct())
print(json.dumps([trace.document["status"], len(trace.tensors), peak() - before]))
"""


def allowed(**settings: int | str) -> bool:
    try:
        RunSpec(**settings)  # type: ignore[arg-type]
    except SpecError:
        return False
    return True


def corners() -> list[dict[str, int | str]]:
    """Every combination of smallest and largest settings that a spec may have."""
    batches, epochs, hidden = (1, 5, 10, 100, 500, 1000, 1200), (1, 2, 20, 200), (1, 56, 256)
    named: list[dict[str, int | str]] = [
        {"dataset": name, "rows": rows, "batch_size": batch, "epochs": often, "hidden": units}
        for name, known in DATASETS.items()
        for rows, batch, often, units in product((10, known.rows), batches, epochs, hidden)
    ]
    return [each for each in named if allowed(**each)]


LARGEST: list[dict[str, int | str]] = [
    {"batch_size": 100, "epochs": 200, "hidden": 256},
    {"batch_size": 1000, "epochs": 200, "hidden": 256},
    {"dataset": "digits", "rows": 1200, "batch_size": 1200, "epochs": 200, "hidden": 256},
    {"dataset": "digits", "rows": 1200, "batch_size": 600, "epochs": 137, "hidden": 256},
]


def test_the_corners_reach_the_limit_of_steps() -> None:
    steps = {RunSpec(**each).steps for each in corners()}  # type: ignore[arg-type]
    assert max(steps) == MAX_STEPS
    assert min(steps) == 1


@pytest.mark.parametrize("spec", corners() if SOAK else LARGEST, ids=str)
def test_a_largest_run_finishes_in_little_memory(
    spec: dict[str, int | str], tmp_path: Path
) -> None:
    answered = python(MEASURE.format(spec=json.dumps(spec)), tmp_path)
    assert answered.returncode == 0, answered.stderr
    status, stored, growth = json.loads(answered.stdout)
    assert status == "finished"
    assert stored <= 4 * 2**20
    assert growth <= 64, f"{growth:.0f} MB"
