"""The same review many times at once, in a site of its own. Prints what came of it.

Run by `test_race.py` in a process with a database file: the tests' own database is in memory,
where threads cannot meet as they do on a site.
"""

import json
import threading
from collections import Counter
from datetime import timedelta

import django
from django.core.management import call_command
from django.db import connection
from django.db.models import F

django.setup()

from course.accounts.models import User  # noqa: E402
from course.lessons.models import Lesson  # noqa: E402
from course.quiz.files import QuestionFile  # noqa: E402
from course.quiz.models import Answer, Mode, Question  # noqa: E402
from course.quiz.reply import reply  # noqa: E402
from course.quiz.stored import write  # noqa: E402
from course.recall.models import Memory, Review  # noqa: E402
from tests.course.quiz.conftest import COLOUR  # noqa: E402
from tests.course.quiz.posting import card  # noqa: E402
from tests.course.recall.recalling import asked  # noqa: E402
from tests.sizes import size  # noqa: E402

THREADS = 12


def together(forms: list[dict[str, str]], learner: User, mode: Mode) -> Counter[int]:
    """Send one form per thread, all at once; statuses by number."""
    barrier, statuses = threading.Barrier(len(forms)), Counter[int]()

    def send(form: dict[str, str]) -> None:
        me = User.objects.get(pk=learner.pk)
        barrier.wait()
        statuses[int(reply(me, lambda: me, form, mode).status)] += 1
        connection.close()

    threads = [threading.Thread(target=send, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def first(question: Question, learner: User) -> Counter[int]:
    """The first answer of all, sent at once from many tabs."""
    form = {"token": card(question, learner).token, "response": "0"}
    return together([form] * THREADS, learner, Mode.LEARN)


def review(question: Question, learner: User, raws: list[str]) -> Counter[int]:
    """One review with these responses at once."""
    Memory.objects.filter(learner=learner).update(due=F("due") - timedelta(days=400))
    token = asked(question, learner).token
    forms = [{"token": token, "response": raw, "confidence": "sure"} for raw in raws]
    return together(forms, learner, Mode.RECALL)


def main() -> None:
    """Race for the first answer, then for reviews, equal and mixed."""
    call_command("migrate", verbosity=0)
    lesson = Lesson.objects.create(slug="lesson", title="Lesson")
    write(QuestionFile("colour", "quiz", "loss", 1, COLOUR), lesson.pk, "")
    question, rounds = Question.objects.get(), size(2, 25)
    learners = [User.objects.create_guest() for _ in range(rounds)]
    entered = [first(question, learner) for learner in learners]
    begun = Memory.objects.count(), Review.objects.count()
    equal = [review(question, learner, ["0"] * THREADS) for learner in learners]
    mixed = [
        review(question, learner, [str(each % 3) for each in range(THREADS)])
        for learner in learners
    ]
    came = {
        "entered": entered,
        "begun": begun,
        "equal": equal,
        "mixed": mixed,
        "recalled": Answer.objects.filter(mode=Mode.RECALL).count(),
        "reviews": Review.objects.count(),
        "counted": sum(Memory.objects.values_list("reviews", flat=True)),
        "follow": all(
            memory.card and memory.reviews == memory.log.count() for memory in Memory.objects.all()
        ),
    }
    print(json.dumps(came))  # noqa: T201


main()
