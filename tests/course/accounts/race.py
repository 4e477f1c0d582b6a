"""What many threads of a site do at once to the same bucket, and to the same guest.

Run by `test_race.py` in processes with a database file: the tests' own database is in memory,
where threads cannot meet as they do on a site. Prints what came of it.
"""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import django
from django.db import connection

django.setup()

from course.accounts.merging import merge  # noqa: E402
from course.accounts.models import User  # noqa: E402
from course.accounts.throttle import Bucket  # noqa: E402
from tests.staging import SHORT  # noqa: E402
from trainer.models import Run  # noqa: E402

THREADS = 8
ROOM = 5


def at_once(do: Callable[[int], int]) -> list[int]:
    """Call it in every thread, all at the same moment; what came back, by thread."""
    came, barrier = dict[int, int](), threading.Barrier(THREADS)

    def call(number: int) -> None:
        barrier.wait()
        came[number] = do(number)
        connection.close()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[number] for number in range(THREADS)]


def tries() -> None:
    """Take from one bucket."""
    bucket = Bucket("key", ROOM, timedelta(hours=1))
    print(json.dumps(at_once(lambda _: bucket.take())))  # noqa: T201


def merges() -> None:
    """Merge one guest into as many accounts, half of them the same, while it goes on running."""
    guest = User.objects.create_guest()
    accounts = [User.objects.create_user(f"account-{number // 2}") for number in (0, 2, 4, 6)]
    Run.objects.bulk_create(
        Run(owner=guest, spec=SHORT.as_dict(), status="interrupted") for _ in range(20)
    )
    merged = at_once(lambda number: int(merge(guest, accounts[number // 2])))
    owners = [account.runs.count() for account in accounts]
    left = User.objects.filter(pk=guest.pk).count()
    print(json.dumps({"merged": sum(merged), "owners": sorted(owners), "left": left}))  # noqa: T201
