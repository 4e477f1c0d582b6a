"""PyTorch, imported and warmed up: what whoever trains has before its first job.

Loaded once in the fork server: runners are forked from it and share its memory. Forking is
only safe from a process with a single thread.
"""

import gc
import os

# numpy's linear algebra starts a thread per core when it is loaded, unless it is told before.
os.environ["OMP_NUM_THREADS"] = "1"

from trainer.engine import execute, replay
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec

# The first optimizer of a process costs a second of imports: no learner should wait for that.
replay.row(execute.run(RunSpec(), Program.correct()), 0)

# A collection in a runner would write to, and so copy, the pages that all of them share.
gc.collect()
gc.freeze()
