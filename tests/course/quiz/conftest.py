"""Real runs, people, and a small question that needs no run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from course.accounts.models import User
from course.lessons import files, loading
from course.lessons.models import Lesson
from course.quiz.content import Content, Option
from course.quiz.files import QuestionFile
from course.quiz.models import Question
from course.quiz.stored import write
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.storage import keep

CONTENT = Path(__file__).parents[3] / "course" / "content"

COLOUR = Content(
    kind="choice",
    prompt="Which line moves the weights?",
    explanation="CANARY-explanation: `step()` does.",
    options=(
        Option("step", text="optimizer.step()", correct=True),
        Option(
            "backward",
            text="loss.backward()",
            misconception="backward-updates",
            feedback="CANARY-heading of backward.\nCANARY-feedback of backward.",
            evidence="CANARY-evidence of backward.",
        ),
        Option(
            "zero",
            text="optimizer.zero_grad()",
            misconception="zero-grad-resets-weights",
            feedback="CANARY-heading of zero.",
        ),
    ),
)

Ask = Callable[..., Question]


def trained(spec: RunSpec, lines: str = "") -> Trace:
    """A run to its end.

    The first one of a process also pays for the start of PyTorch, which on a busy machine can use
    up the time budget: then it is made again.
    """
    program = Program.parse(lines) if lines else Program.correct()
    trace = run(spec, program)
    return run(spec, program) if trace.document["status"] == "stopped" else trace


@pytest.fixture(scope="session")
def calm() -> Trace:
    return trained(PRESETS["calm"])


@pytest.fixture(scope="session")
def published() -> Trace:
    return trained(PRESETS["published"])


@pytest.fixture(scope="session")
def broken() -> Trace:
    """A run that stops with an error in its first step."""
    return trained(PRESETS["calm"], "loss,forward")


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", "a-long-password")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", "a-long-password")


@pytest.fixture
def course(db: None) -> None:
    """The course as it is, without its runs."""
    loading.load(files.read(CONTENT))


def stored(trace: Trace, owner: User | None, name: str = "") -> Run:
    """A run as the trainer would have left it."""
    status = Run.Status(trace.document["status"])
    spec, kept = trace.document["spec"], keep(trace)
    return Run.objects.create(owner=owner, name=name, spec=spec, status=status, trace=kept)


@pytest.fixture
def ask(db: None) -> Ask:
    """Publish a question: `ask(kind="number", key="1", ...)`; without fields, the small choice."""

    def publish(slug: str = "colour", place: str = "quiz", **fields: object) -> Question:
        lesson, _ = Lesson.objects.get_or_create(slug="lesson", defaults={"title": "Lesson"})
        base = COLOUR if fields.get("kind", "choice") == "choice" else _bare(str(fields["kind"]))
        content = replace(base, **fields)  # type: ignore[arg-type]
        write(QuestionFile(slug, place, "backpropagation", 1, content), lesson.pk, "")
        return Question.objects.get(slug=slug)

    return publish


def _bare(kind: str) -> Content:
    return Content(kind=kind, prompt="What?", nudge="No.", explanation="Because.")
