"""PyTorch, imported and warmed up: what whoever trains has before its first job.

Loaded once in the fork server: runners are forked from it and share its memory. Forking is
only safe from a process with a single thread.
"""

import gc
import os
from contextlib import suppress

# numpy's linear algebra starts a thread per core when it is loaded, unless it is told before.
os.environ["OMP_NUM_THREADS"] = "1"

import torch

from trainer.engine import execute, replay
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec

# The first optimizer of a process costs a second of imports. No learner should wait for that,
# nor should it count against the time budget of the run that follows.
torch.optim.Adam([torch.zeros(1, requires_grad=True)])

trace = execute.run(RunSpec(), Program.correct())
with suppress(replay.NotReached):  # even so slow a machine that the budget stopped it may serve
    replay.row(trace, 0)
del trace

# A collection in a runner would write to, and so copy, the pages that all of them share.
gc.collect()
gc.freeze()
