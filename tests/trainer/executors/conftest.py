"""Executors to test. Every pool of a session shares one fork server, so another costs little."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from trainer.executors import Executor
from trainer.executors import pool as pool_module
from trainer.executors.inprocess import InProcess
from trainer.executors.pool import RunnerPool


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: nobody is sent away where a test is not about that."""
    monkeypatch.setattr(pool_module, "MAX_WAIT", 60.0)


@pytest.fixture(scope="session")
def pool() -> Iterator[RunnerPool]:
    """A pool for tests that leave it as they found it."""
    pool = RunnerPool(2)
    pool.start()
    yield pool
    pool.stop()


@pytest.fixture(params=["inprocess", "pool"])
def executor(request: pytest.FixtureRequest) -> Executor:
    """Each of the executors in turn."""
    if request.param == "inprocess":
        return InProcess()
    shared: RunnerPool = request.getfixturevalue("pool")
    return shared


@pytest.fixture
def make_pool() -> Iterator[Callable[[int], RunnerPool]]:
    """Make pools to do harm to."""
    with ExitStack() as stack:

        def make(size: int) -> RunnerPool:
            pool = RunnerPool(size)
            stack.callback(pool.stop)
            pool.start()
            return pool

        yield make
