"""Equal specs give equal traces, wherever and beside whatever they run."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.processes import python
from tests.trainer.executors.jobs import CALM, CORRECT, SOAK, digest
from trainer.executors import Executor
from trainer.executors.inprocess import InProcess
from trainer.executors.pool import RunnerPool

CONCURRENT = 200 if SOAK else 40
SPECS = [CALM, replace(CALM, optimizer="momentum", hidden=64), replace(CALM, rows=333, seed=7)]

FRESH = """
import json
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
specs = [RunSpec(**spec) for spec in json.loads({specs!r})]
print(json.dumps([run(spec, Program.correct()).document["digest"] for spec in specs]))
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The digests of SPECS from a Python that never ran anything else."""
    specs = json.dumps([spec.as_dict() for spec in SPECS])
    said = python(FRESH.format(specs=specs), tmp_path_factory.mktemp("fresh"))
    assert not said.stderr
    digests: list[str] = json.loads(said.stdout)
    return digests


def many(executor: Executor, threads: int, runs: int) -> Iterator[str]:
    """Digests of runs of SPECS in turn, so that unequal runs are beside each other."""
    with ThreadPoolExecutor(threads) as pool:
        specs = [SPECS[index % len(SPECS)] for index in range(runs)]
        yield from pool.map(lambda spec: digest(executor.run(spec, CORRECT)), specs)


def test_four_threads_of_one_process_agree_with_a_fresh_one(fresh: list[str]) -> None:
    found = list(many(InProcess(), threads=4, runs=12))
    assert found == fresh * 4


COLD = """
from concurrent.futures import ThreadPoolExecutor
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec
from trainer.executors.inprocess import InProcess
train, spec, program = InProcess().run, RunSpec(), Program.correct()
with ThreadPoolExecutor(4) as threads:
    runs = [threads.submit(train, spec, program) for _ in range(4)]
print({run.result().document["digest"] for run in runs})
"""


def test_the_first_runs_of_a_process_may_be_four_at_once(tmp_path: Path, fresh: list[str]) -> None:
    assert python(COLD, tmp_path).stdout == f"{{{fresh[0]!r}}}\n"


def test_runners_agree_with_a_fresh_process(pool: RunnerPool, fresh: list[str]) -> None:
    found = list(many(pool, threads=16, runs=12))
    assert found == fresh * 4


def test_concurrent_runs_of_one_spec_have_one_digest(pool: RunnerPool, fresh: list[str]) -> None:
    with ThreadPoolExecutor(32) as threads:
        runs = [threads.submit(pool.run, CALM, CORRECT) for _ in range(CONCURRENT)]
    assert {digest(run.result()) for run in runs} == {fresh[0]}
