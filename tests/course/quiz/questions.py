"""Questions that nobody wrote, with texts that are hard to spell."""

from typing import Any

from hypothesis import strategies as st

from course.quiz.content import Content, Option
from course.quiz.files import QuestionFile
from course.quiz.misconceptions import BELIEFS
from course.quiz.models import Place, Stage

_HARD = st.sampled_from(
    ['"', '"""', "'", "\\", "\n", "\n\n", "\t", "#", "= [", "\x7f", "\u2028", "é", "\U0001f600"]
)
_WORDS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r{")
_PLAIN = st.lists(_HARD | st.text(_WORDS, max_size=8), max_size=8).map("".join).map(str.strip)
_SAID = _PLAIN.filter(bool)
_NAMES = st.from_regex(r"[-a-zA-Z0-9_]{1,20}", fullmatch=True)
_HINTS = ("", "Look.", "Look there.\nAnd here, at {probe steps_run} steps.")
_FINITE = st.floats(0, 1e300)


def _option(name: str, *, right: bool, texts: dict[str, str], belief: str) -> Option:
    if right:
        return Option(name, text=texts["text"], correct=True)
    return Option(
        name,
        text=texts["text"],
        misconception=belief,
        feedback=texts["feedback"],
        evidence=texts["evidence"],
    )


@st.composite
def questions(draw: st.DrawFn) -> QuestionFile:
    """A question that may be published: a choice with a right option, or a number."""
    names = draw(st.lists(_NAMES, min_size=2, max_size=4, unique=True))
    options = tuple(
        _option(
            name,
            right=index == 0,
            texts={"text": draw(_PLAIN), "feedback": draw(_SAID), "evidence": draw(_PLAIN)},
            belief=draw(st.sampled_from(sorted(BELIEFS))),
        )
        for index, name in enumerate(names)
    )
    place = draw(st.sampled_from(Place.values))
    common: dict[str, Any] = {
        "hints": "" if place == Place.PREDICTION else draw(st.sampled_from(_HINTS)),
        "prompt": draw(_SAID),
        "note": draw(_PLAIN),
        "explanation": draw(_SAID),
        "points": draw(st.integers(1, 9)),
        "max_attempts": draw(st.integers(1, 9)),
    }
    if draw(st.booleans()):
        content = Content(kind="choice", nudge=draw(_PLAIN), options=options, **common)
    else:
        tolerance = draw(_FINITE)
        content = Content(
            kind="number",
            key=draw(st.sampled_from(["1", "-0.5", "{probe epochs}"])),
            tolerance=tolerance,
            relative=draw(st.booleans()),
            half_tolerance=draw(st.none() | st.floats(tolerance, 1e301)),
            nudge=draw(_SAID),
            **common,
        )
    return QuestionFile(draw(_NAMES), place, draw(st.sampled_from(Stage.values)), 0, content)
