"""From a question and the numbers of a run to a verdict. Pure."""

from collections.abc import Sequence

from course.quiz import roles
from course.quiz.content import Content
from course.quiz.kinds import KINDS, Marking, Response, Sample, Verdict
from course.quiz.kinds.number import near
from course.quiz.roles import Values


def marking(content: Content, values: Values) -> Marking | None:
    """The right answer and the wrong ones to expect, or None where the run has no such thing."""
    key = _key(content, values)
    if content.kind == "choice" and content.option(str(key)) is None:
        return None
    if key is None or not all(roles.present(text, values) for text in _shown(content)):
        return None
    return Marking(key, _wrong(content, values, key))


def grade(content: Content, values: Values, response: Response) -> Verdict | None:
    """What a response is worth under the numbers of a run."""
    found = marking(content, values)
    return KINDS[content.kind].grade(response, content, found) if found else None


def samples(content: Content, values: Values, options: Sequence[str]) -> list[Sample]:
    """Answers whose verdict is known, for a question that the run can be asked."""
    found = marking(content, values)
    return KINDS[content.kind].samples(content, found, options) if found else []


def misconception(content: Content, verdict: Verdict) -> str:
    """The belief that an answer shows, if any."""
    option = content.option(verdict.matched)
    return option.misconception if option and not verdict.correct else ""


def _shown(content: Content) -> list[str]:
    return [content.prompt, content.note, *(option.text for option in content.options)]


def _key(content: Content, values: Values) -> Response | None:
    if content.kind == "choice" and not content.key:
        return next((each.name for each in content.options if each.correct), None)
    return _resolved(content, content.key, values)


def _wrong(content: Content, values: Values, key: Response) -> dict[str, Response]:
    """Every wrong answer that this run can tell from the right one."""
    if content.kind == "choice":
        return {each.name: each.name for each in content.options if each.name != key}
    found = {each.name: _resolved(content, each.value, values) for each in content.options}
    return {
        name: value
        for name, value in found.items()
        if value is not None and not _alike(content, value, key)
    }


def _alike(content: Content, value: Response, key: Response) -> bool:
    if content.kind != "number" or isinstance(value, list) or isinstance(key, list):
        return value == key
    return near(float(value), float(key), content.tolerance, relative=content.relative)


def _resolved(content: Content, text: str, values: Values) -> Response | None:
    """A key as its kind understands it: written out, or the value of its probe."""
    name = roles.alone(text)
    value = values.get(name) if name else text
    if value is None:
        return None
    try:
        return KINDS[content.kind].literal(value)
    except ValueError:
        return None
