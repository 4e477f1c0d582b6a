"""How a question looks in each of its states: from content, numbers and answers to a card.

Nothing of a reply is in here: before an answer there is none, see `course.quiz.replies`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from course.quiz import hints, marking
from course.quiz.content import Content
from course.quiz.kinds import KINDS
from course.quiz.markdown import inline, sentences
from course.quiz.models import Answer, Place, Question, Stage
from course.quiz.overlay import Overlay, compared
from course.quiz.parts import Card, Row, State
from course.quiz.roles import Values

MARKS = dict(zip(Stage.values, "12345TP", strict=True))
ABSENT = "This run has no such thing to ask about, so the question is left out."


@dataclass(frozen=True, slots=True)
class Face:
    """What a card is made from.

    limit: attempts that the current version allows. shown: names of the options in the order shown.
    taken: numbers of the hints that were asked for.
    """

    question: Question
    content: Content
    values: Values
    limit: int
    answers: tuple[Answer, ...]
    shown: tuple[str, ...]
    taken: frozenset[int] = frozenset()

    @property
    def state(self) -> State:
        """Where the learner stands with the question."""
        told = telling(self.answers)
        if told and told.correct:
            return "right"
        if told and told.score is None:
            return "ungraded" if told.ungraded else "locked"
        if len(self.answers) >= self.limit:
            return "spent"
        # What a prediction is about is still to come, and so is a run that is needed.
        due = self.question.place != Place.PREDICTION and not self.content.needs
        if due and marking.marking(self.content, self.values) is None:
            return "absent"
        return "again" if self.answers else "open"


def telling(answers: Sequence[Answer]) -> Answer | None:
    """The answer that a card speaks of: the right one, else the last that was graded, or the last.

    They are one and the same until a guest is merged: others may then follow the right one.
    """
    last = answers[-1] if answers else None
    last = next((answer for answer in reversed(answers) if answer.score is not None), last)
    return next((answer for answer in answers if answer.correct), last)


def card(face: Face) -> Card:
    """The card, without its token, its reply and its place among others."""
    question, content, state = face.question, face.content, face.state
    here, kind = state != "absent", KINDS[content.kind]
    is_asked = state in ("open", "again")
    given = hints.told(content, face.values) if is_asked else {}
    return Card(
        slug=question.slug,
        place=question.place,
        kind=content.kind,
        mark=MARKS[question.stage],
        stage=question.stage,
        stage_name=question.get_stage_display(),
        state=state,
        prompt=inline(content.prompt, face.values) if here else ABSENT,
        note=sentences(content.note, face.values) if here else (),
        rows=_rows(face) if here else (),
        hint=kind.hint(content),
        control=kind.control,
        lists=kind.lists,
        unit=content.unit,
        longest=kind.longest,
        worth=_worth(face),
        attempts_left=max(0, face.limit - len(face.answers)),
        score=_score(face),
        points=content.points,
        asks=kind.asks(content, face.values, face.shown) if is_asked else {},
        overlay=_overlay(face) if state in ("right", "spent", "ungraded") else None,
        hints=tuple(text for number, text in given.items() if number in face.taken),
        hints_left=sum(number not in face.taken for number in given),
        next_hint=hints.following(given, face.taken),
    )


def _score(face: Face) -> float:
    return max((answer.score or 0.0 for answer in face.answers), default=0.0)


def _worth(face: Face) -> str:
    points = face.content.points
    whole = f"{points} point{'s' * (points != 1)}"
    if face.state == "ungraded":
        return "not graded"
    return f"{_score(face):g} of {whole}" if face.answers and face.state != "locked" else whole


def _rows(face: Face) -> tuple[Row, ...]:
    if KINDS[face.content.kind].lists:
        row = _option if face.content.kind == "choice" else _one_of_several
        return tuple(row(face, place, name) for place, name in enumerate(face.shown))
    told = telling(face.answers)
    return (_given(told, face.content),) if told else ()


def _option(face: Face, place: int, name: str) -> Row:
    option = face.content.option(name)
    text = inline(option.text, face.values) if option else SafeString("")
    answer = next((each for each in face.answers if each.response == name), None)
    if answer:
        verdict, word = _verdict(answer)
        return Row(text, verdict=verdict, word=word)
    if face.state == "spent" and name == _key(face):
        return Row(text, verdict="right", word="The right answer")
    return Row(text, value=str(place), open=face.state in ("open", "again"))


def _one_of_several(face: Face, place: int, name: str) -> Row:
    """An option beside which others may be chosen: none is marked before it is over."""
    option, told = face.content.option(name), telling(face.answers)
    text = inline(option.text, face.values) if option else SafeString("")
    if face.state in ("open", "again") or not told or not option:
        return Row(text, value=str(place), open=True, many=True)
    if told.score is None:
        return Row(text, word=_verdict(told)[1] if name in told.response else "")
    if name in told.response:
        verdict, word = ("right", "Right") if option.correct else ("wrong", "Your answer")
        return Row(text, verdict=verdict, word=word)
    return Row(text, verdict="right", word="Right, too") if option.correct else Row(text)


def _given(answer: Answer, content: Content) -> Row:
    """An answer: as it was sent where it was typed, else in words or as a program."""
    verdict, word = _verdict(answer)
    kind = KINDS[content.kind]
    text = answer.raw.strip() if kind.typed else kind.written(answer.response, content)
    return Row(text, verdict=verdict, word=word, code=True)


def _overlay(face: Face) -> Overlay | None:
    """Whatever was graded: what came can be looked at beside what was said."""
    told, key = telling(face.answers), KINDS[face.content.kind].key(face.content, face.values)
    return compared(face.content, told.response, key) if told and key is not None else None


def _verdict(answer: Answer) -> tuple[str, str]:
    if answer.score is None:
        return "", "Your answer"
    return ("right", "Right") if answer.correct else ("wrong", "Your answer")


def _key(face: Face) -> object:
    found = marking.marking(face.content, face.values)
    return found.key if found else None
