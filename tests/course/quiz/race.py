"""Many attempts at the same last attempt at once, in a site of its own. Prints what came of it.

Run by `test_race.py` in a process with a database file: the tests' own database is in memory,
where threads cannot meet as they do on a site.
"""

import json
import threading
from collections import Counter

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from course.accounts.models import User  # noqa: E402
from course.lessons.models import Lesson  # noqa: E402
from course.quiz import versions  # noqa: E402
from course.quiz.cards import card_of  # noqa: E402
from course.quiz.files import QuestionFile  # noqa: E402
from course.quiz.models import Answer, Question  # noqa: E402
from course.quiz.reply import reply  # noqa: E402
from course.quiz.stored import write  # noqa: E402
from tests.course.quiz.conftest import COLOUR  # noqa: E402
from tests.sizes import size  # noqa: E402

THREADS = 20


def race(raws: list[str]) -> Counter[int]:
    """Send one answer per thread with the same token, all at once; statuses by number."""
    alice = User.objects.create_guest()
    version = versions.current_of(Question.objects.get().pk)
    token = card_of(version, alice, None).token
    barrier, statuses = threading.Barrier(len(raws)), Counter[int]()

    def send(raw: str) -> None:
        learner = User.objects.get(pk=alice.pk)
        barrier.wait()
        form = {"token": token, "response": raw}
        statuses[int(reply(learner, lambda: learner, form).status)] += 1
        connection.close()

    threads = [threading.Thread(target=send, args=(raw,)) for raw in raws]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def main() -> None:
    """Prepare a question with a single attempt, then race for it."""
    call_command("migrate", verbosity=0)
    lesson = Lesson.objects.create(slug="lesson", title="Lesson")
    content = COLOUR.from_json(COLOUR.as_json() | {"max_attempts": 1})
    write(QuestionFile("colour", "quiz", "loss", 1, content), lesson.pk, "")
    rounds = size(1, 25)
    equal = [race(["0"] * THREADS) for _ in range(rounds)]
    mixed = [race([str(number % 3) for number in range(THREADS)]) for _ in range(rounds)]
    print(json.dumps({"equal": equal, "mixed": mixed, "answers": Answer.objects.count()}))  # noqa: T201


main()
