"""Many tabs that begin one sweep and ask for its points at once, in a site of its own.

Run by `test_sweeps.py` in a process with a database file: the tests' own database is in memory,
where threads cannot meet as they do on a site.
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from course.accounts.models import User  # noqa: E402
from trainer.engine.program import Program  # noqa: E402
from trainer.engine.spec import RunSpec  # noqa: E402
from trainer.engine.trace import Trace  # noqa: E402
from trainer.executors import executor  # noqa: E402
from trainer.models import Sweep  # noqa: E402
from trainer.runs import Asked  # noqa: E402
from trainer.sweeps import Plan, begin_sweep, next_point  # noqa: E402

THREADS = 6
PLAN = Plan(
    Asked(RunSpec(rows=40, batch_size=20, epochs=2), Program.correct()),
    "lr",
    [0.01, 0.02, 0.05, 0.1],
    [1, 2],
)

real = executor().run
trained: list[RunSpec] = []


def counted(spec: RunSpec, *args: Any, **options: Any) -> Trace:
    """Train, and leave a note of it."""
    trained.append(spec)
    return real(spec, *args, **options)


executor().run = counted  # type: ignore[method-assign]


def at_once(do: Callable[[], object]) -> None:
    """Let every thread do it, all at the same moment."""
    barrier = threading.Barrier(THREADS)

    def run() -> None:
        barrier.wait()
        do()
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def drive(pk: str) -> None:
    """Ask for points as a page does, until there are no more."""
    while (sweep := Sweep.objects.get(pk=pk)).status == Sweep.Status.RUNNING:
        if next_point(sweep) is None:
            time.sleep(0.05)  # as a page waits whose next point is under way elsewhere


def main() -> None:
    """Begin it from every thread, then drive it from every thread."""
    call_command("migrate", verbosity=0)
    learner = User.objects.create_guest()
    at_once(lambda: begin_sweep(learner, PLAN, "nonce"))
    begun = Sweep.objects.count()
    sweep = Sweep.objects.first()
    assert sweep
    at_once(lambda: drive(sweep.pk))
    sweep.refresh_from_db()
    places = list(sweep.points.order_by("place").values_list("place", flat=True))
    print(  # noqa: T201
        json.dumps(
            {
                "begun": begun,
                "trained": len(trained),
                "points": len(places),
                "places": places,
                "size": sweep.size,
                "status": sweep.status,
            }
        )
    )


main()
