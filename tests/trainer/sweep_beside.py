"""A sweep of twenty default runs in one runner, and somebody else's single runs beside it.

Run by `test_sweeps.py` in a process with a database file and real runners. Counts jobs, no time:
how many the queue says are ahead of a single run, and how many points end while it waits.
"""

import json
import threading
import time

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from course.accounts.models import User  # noqa: E402
from trainer.engine.program import Program  # noqa: E402
from trainer.engine.spec import RunSpec  # noqa: E402
from trainer.executors import executor  # noqa: E402
from trainer.models import Run, Sweep  # noqa: E402
from trainer.runs import Asked, begin, make  # noqa: E402
from trainer.sweeps import Plan, begin_sweep, cancel, next_point  # noqa: E402

CORRECT = Program.correct()
PLAN = Plan(Asked(RunSpec(), CORRECT), "seed", list(range(1, 21)), [1])

SINGLES = 6

points: list[int] = []


def drive(pk: str) -> None:
    """Ask for points as a page does."""
    while (sweep := Sweep.objects.get(pk=pk)).status == Sweep.Status.RUNNING:
        if made := next_point(sweep):
            points.append(made.place or 0)
    connection.close()


def watched(run: Run, seen: list[int]) -> None:
    """Ask for its place in the queue until it is over."""
    while run.status == Run.Status.PENDING:
        if now := executor().progress(run.nonce):
            seen.append(now.ahead)
        time.sleep(0.002)


def single(owner: User, number: int) -> tuple[int, int]:
    """Make one run; the most that was ahead of it, and the points that ended meanwhile."""
    run = begin(owner, Asked(RunSpec(seed=1000 + number), CORRECT), f"{number:032}", lambda _: None)
    seen, before = [0], len(points)
    watcher = threading.Thread(target=watched, args=(run, seen), daemon=True)
    watcher.start()
    make(run)
    watcher.join()
    return max(seen), len(points) - before


def main() -> None:
    """Both at once; with the last of the single runs the sweep is called off."""
    call_command("migrate", verbosity=0)
    one, other = (User.objects.create_guest() for _ in range(2))
    sweep = begin_sweep(one, PLAN, "nonce")
    next_point(sweep)  # the runner is up
    thread = threading.Thread(target=drive, args=(sweep.pk,))
    thread.start()
    came = [single(other, number) for number in range(SINGLES)]
    cancel(sweep)
    thread.join()
    executor().stop()
    ahead, between = zip(*came, strict=True)
    print(  # noqa: T201
        json.dumps(
            {
                "points": len(points),
                "singles": len(came),
                "most_ahead": max(ahead),
                "most_between": max(between),
            }
        )
    )


main()
