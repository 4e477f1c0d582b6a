"""What is wrong with a question, for its author: asked by loadcourse and by the admin."""

from collections.abc import Callable, Iterator

from course.quiz import evidence, roles
from course.quiz.content import Content, Option
from course.quiz.kinds import KINDS
from course.quiz.misconceptions import BELIEFS

FEWEST_OPTIONS = 2
MOST_OPTIONS = 12


def problems(content: Content) -> list[str]:
    """Every problem, a sentence each; empty if the question may be published."""
    if content.kind not in KINDS:
        return [f"kind: {content.kind!r} is none of {', '.join(KINDS)}."]
    checks: list[Callable[[Content], Iterator[str]]] = [_texts, _roles, _beliefs, _limits]
    checks.append(_choice if content.kind == "choice" else _value)
    return [problem for check in checks for problem in check(content)]


def _texts(content: Content) -> Iterator[str]:
    if not content.prompt.strip():
        yield "prompt: is empty."
    if not content.explanation.strip():
        yield "explanation: is empty."


def _limits(content: Content) -> Iterator[str]:
    if content.points < 1 or content.max_attempts < 1:
        yield "points, max_attempts: at least one of each."
    if content.tolerance < 0:
        yield "tolerance: is negative."
    if content.half_tolerance is not None and content.half_tolerance < content.tolerance:
        yield "half_tolerance: is below the tolerance."


def _roles(content: Content) -> Iterator[str]:
    texts = (*content.question_texts(), *content.reply_texts())
    for text in texts:
        for slip in roles.malformed(text):
            yield f"{slip!r} is no role; write {{probe name .3f}}."
    for name in sorted(content.probes() - evidence.known(content.probes())):
        yield f"probe {name!r} does not exist."


def _beliefs(content: Content) -> Iterator[str]:
    for option in content.options:
        if option.misconception and option.misconception not in BELIEFS:
            yield f"option {option.name!r}: no misconception {option.misconception!r}."


def _choice(content: Content) -> Iterator[str]:
    if not FEWEST_OPTIONS <= len(content.options) <= MOST_OPTIONS:
        yield f"a choice has {FEWEST_OPTIONS} to {MOST_OPTIONS} options."
    right = [option for option in content.options if option.correct]
    if content.key and not roles.alone(content.key):
        yield "key: of a choice, a probe or nothing; mark the right option instead."
    if len(right) != (0 if content.key else 1):
        yield "mark one option as right, or none where a probe names it."
    wrong = [option for option in content.options if not option.correct]
    for option in wrong:
        yield from _reply(option)
    # Where a probe names the right option, one of them is right in the usual run.
    unnamed = [option for option in wrong if not option.misconception]
    if len(unnamed) > bool(content.key):
        yield "every wrong option names a misconception."


def _reply(option: Option) -> Iterator[str]:
    if not option.feedback.strip():
        yield f"option {option.name!r}: has no feedback."


def _value(content: Content) -> Iterator[str]:
    if not content.nudge.strip():
        yield "nudge: is empty, so an unforeseen wrong answer would get no feedback."
    yield from _literal(content, "key", content.key)
    for option in content.options:
        yield from _literal(content, f"option {option.name!r}", option.value)
        yield from _reply(option)
        if not option.misconception:
            yield f"option {option.name!r}: names no misconception."


def _literal(content: Content, where: str, text: str) -> Iterator[str]:
    if roles.alone(text):
        return
    try:
        KINDS[content.kind].literal(text)
    except ValueError:
        yield f"{where}: {text!r} is neither a {content.kind} nor a probe."
