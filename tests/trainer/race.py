"""Many threads that ask for runs at once, in a site of its own. Prints what came of it.

Run by `test_attempts.py` in a process with a database file: the tests' own database is in memory,
where threads cannot meet as they do on a site.
"""

import json
import threading
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict

django.setup()

from course.accounts.models import User  # noqa: E402
from trainer.attempts import attempt  # noqa: E402
from trainer.engine.trace import Trace  # noqa: E402
from trainer.executors import executor  # noqa: E402
from trainer.forms import RunForm  # noqa: E402
from trainer.models import Run  # noqa: E402

THREADS = 8


real = executor().run
trained: list[str] = []


def counted(*args: Any, **options: Any) -> Trace:
    """Train, and leave a note of it."""
    trained.append(options["key"])
    return real(*args, **options)


executor().run = counted  # type: ignore[method-assign]


def race(nonces: list[str]) -> dict[str, Any]:
    """One learner, one thread per nonce, all at once."""
    learner = User.objects.create_guest()
    barrier, came = threading.Barrier(len(nonces)), []
    trained.clear()

    def post(nonce: str) -> None:
        barrier.wait()
        form = RunForm(QueryDict("rows=40&batch_size=20&epochs=2"))
        result = attempt(learner, form, nonce)
        came.append((str(int(result.status)), result.run and result.run.pk))
        connection.close()

    threads = [threading.Thread(target=post, args=(nonce,)) for nonce in nonces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(came) == len(nonces)
    return {
        "runs": Run.objects.filter(owner=learner).count(),
        "seen": len({run for status, run in came if status == "200"}),
        "statuses": sorted({status for status, _ in came}),
        "trained": len(trained),
    }


def main() -> None:
    """Race with one nonce, then with a nonce each."""
    call_command("migrate", verbosity=0)
    same = race(["one"] * THREADS)
    others = race([str(number) for number in range(THREADS)])
    pending = Run.objects.filter(status="pending").count()
    print(json.dumps({"same": same, "others": others, "pending": pending}))  # noqa: T201


main()
