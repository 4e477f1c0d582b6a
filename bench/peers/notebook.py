"""A notebook: the text of the program as a cell of a kernel that is warm."""

from jupyter_client.manager import KernelManager, start_new_kernel

from bench.measure import of_ratios, tell
from bench.pairs import paired
from bench.peers.settings import GOAL_NOTEBOOK, NAME
from bench.plain_loop import UNIT
from bench.recording import with_charts
from bench.site import ROOT
from trainer.engine.program import Program

FIRST_CELL = """
from trainer.executors import preload
from trainer.engine.execute import names_of
from trainer.engine.spec import PRESETS
globals().update(names_of(PRESETS["bench"]))
"""
CELL = Program.correct().source(UNIT)


def ratios() -> list[float]:
    """Against a kernel that is shut down in the end."""
    manager: KernelManager
    manager, client = start_new_kernel(cwd=str(ROOT), extra_arguments=["--log-level=CRITICAL"])

    def execute(cell: str) -> None:
        reply = client.execute_interactive(cell, output_hook=lambda _: None, timeout=60)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(reply["content"]["evalue"])

    try:
        execute(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{FIRST_CELL}")
        return paired(with_charts, lambda _: execute(CELL), 30)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    tell([of_ratios(NAME.format("warm notebook"), ratios(), GOAL_NOTEBOOK)])
