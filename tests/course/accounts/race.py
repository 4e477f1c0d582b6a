"""Many tries at once, from threads of several processes. Prints how many were let through.

Run by `test_race.py` in processes with a database file: the tests' own database is in memory,
where threads cannot meet as they do on a site.
"""

import json
import sys
import threading
from datetime import timedelta

import django
from django.db import connection

django.setup()

from course.accounts.throttle import Bucket  # noqa: E402

THREADS = 8


def main() -> None:
    """Take from one bucket in all threads."""
    bucket, came = Bucket("key", 5, timedelta(hours=1)), list[int]()
    barrier = threading.Barrier(THREADS)

    def take() -> None:
        barrier.wait()
        came.append(bucket.take())
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(came), file=sys.stdout)  # noqa: T201


main()
