"""Many attempts at the same last attempt at once, in a site of its own. Prints what came of it.

Called by `test_race.py` in a process with a database file: the tests' own database is in memory,
where threads cannot meet as they do on a site.
"""

import json
import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from course.accounts.models import User  # noqa: E402
from course.lessons.models import Lesson  # noqa: E402
from course.quiz.files import QuestionFile  # noqa: E402
from course.quiz.models import Answer, HintTaken, Question  # noqa: E402
from course.quiz.reply import reply  # noqa: E402
from course.quiz.stored import write  # noqa: E402
from tests.course.quiz.conftest import COLOUR  # noqa: E402
from tests.course.quiz.posting import card, place, send  # noqa: E402
from tests.sizes import size  # noqa: E402
from trainer.models import Run  # noqa: E402

THREADS, ROUNDS = 8, size(10, 250)


def race(raws: list[str]) -> Counter[int]:
    """After a wrong answer send one per thread with the token of the last; statuses by number."""
    alice, question = User.objects.create_guest(), Question.objects.get()
    first = card(question, alice)
    send(alice, first, place(first, "backward"))
    token = card(question, alice).token
    return at_once(alice, [{"token": token, "response": raw} for raw in raws])


def at_once(alice: User, forms: list[dict[str, str]]) -> Counter[int]:
    """Send every form from a thread of its own; statuses by number."""
    barrier, statuses = threading.Barrier(len(forms)), Counter[int]()

    def answer(form: dict[str, str]) -> None:
        learner = User.objects.get(pk=alice.pk)
        barrier.wait()
        statuses[int(reply(learner, lambda: learner, form).status)] += 1
        connection.close()

    threads = [threading.Thread(target=answer, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def guarded() -> None:
    """Race with equal answers, then with different ones."""
    _prepare()
    equal = [race(["0"] * THREADS) for _ in range(ROUNDS)]
    mixed = [race([str(number % 3) for number in range(THREADS)]) for _ in range(ROUNDS)]
    print(json.dumps({"equal": equal, "mixed": mixed, "answers": Answer.objects.count()}))  # noqa: T201


def hinted() -> None:
    """Race for the same hint."""
    _prepare(hints="Look.")
    statuses = list[Counter[int]]()
    for _ in range(ROUNDS):
        alice = User.objects.create_guest()
        token = card(Question.objects.get(), alice).token
        statuses.append(at_once(alice, [{"token": token, "hint": "1"}] * THREADS))
    print(json.dumps({"statuses": statuses, "hints": HintTaken.objects.count()}))  # noqa: T201


def locked() -> None:
    """Race for the run of a question that needs one: its answer is locked as that begins."""
    _prepare(kind="number", key="{probe steps_run}", needs="lr=1", max_attempts=1, options=())
    mixed = [str(number % 3) for number in range(THREADS)]
    print(json.dumps([_locked(raws) for raws in (["50"] * THREADS, mixed)]))  # noqa: T201


def _locked(raws: list[str]) -> dict[str, object]:
    """What a guest's race left: statuses, runs, and whether each answer is settled."""
    alice = User.objects.create_guest()
    token = card(Question.objects.get(), alice).token
    statuses = at_once(alice, [{"token": token, "response": raw} for raw in raws])
    answers = Answer.objects.filter(learner=alice)
    return {
        "statuses": statuses,
        "runs": list(Run.objects.of(alice).values_list("status", flat=True)),
        "settled": [answer.score is not None for answer in answers],
    }


def unguarded() -> None:
    """The same without what forbids it in the database, until an attempt is used twice."""
    _prepare()
    known = list(Answer._meta.constraints)
    (constraint,) = (each for each in known if each.name == "attempt_used_once")
    known.remove(constraint)
    Answer._meta.constraints = known  # SQLite makes the table anew, as the model says
    with connection.schema_editor() as editor:
        editor.remove_constraint(Answer, constraint)
    rounds = 0
    while Answer.objects.count() == 2 * rounds and rounds < ROUNDS * 10:
        race(["0"] * THREADS)
        rounds += 1
    print(json.dumps({"answers": Answer.objects.count(), "rounds": rounds}))  # noqa: T201


def _prepare(**fields: Any) -> None:
    """A question, with two attempts if nothing else is said."""
    call_command("migrate", verbosity=0)
    lesson = Lesson.objects.create(slug="lesson", title="Lesson")
    content = replace(COLOUR, **{"max_attempts": 2} | fields)
    write(QuestionFile("colour", "quiz", "loss", 1, content), lesson.pk, "")
