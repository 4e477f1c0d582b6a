"""G5: the same run as a fresh `python script.py`, which imports PyTorch first."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Measure, of_ratios, tell
from bench.pairs import paired
from bench.plain_loop import UNIT
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.executors import preload  # noqa: F401 (warms up, as a runner is)
from trainer.script import script_of

SCRIPTS = 5
"""Pairs: at ratios like this one, a few say enough."""


def measures() -> Iterator[Measure]:
    """How many recorded runs fit into the time of one script."""
    with tempfile.TemporaryDirectory() as place:
        script = Path(place, "script.py")
        script.write_text(script_of(run(UNIT, Program.correct()).document), encoding="utf-8")
        ratios = paired(
            lambda _: _ran(script), lambda _: run(UNIT, Program.correct()), SCRIPTS, warm_up=1
        )
    yield of_ratios("G5 fresh script / recorded run", ratios, 100, floor=True)
    yield Measure("G5 cold notebook / recorded run", None, 100, note="no notebook here", floor=True)


def _ran(script: Path) -> None:
    subprocess.run([sys.executable, script], stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    tell(measures())
