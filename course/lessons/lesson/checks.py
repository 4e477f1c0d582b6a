"""What is wrong with the text of a lesson, line by line."""

from course.lessons.lesson.figures import FIGURES
from course.lessons.lesson.text import parse
from trainer.engine.probes import PROBES
from trainer.engine.vocabulary import VOCABULARY


def check(text: str, questions: set[str]) -> list[tuple[int, str]]:
    """Number of the line and reason; `questions` are the slugs that the lesson has."""
    parsed = parse(text)
    slips = list(parsed.slips)
    slips += [
        (line.number, f"probe {name!r} does not exist.")
        for line in parsed.lines()
        for name in line.unknown(PROBES)
    ]
    for kind, known in (("figure", FIGURES), ("question", questions), ("lines", VOCABULARY)):
        slips += [
            (number, f"{kind} {name!r} does not exist.")
            for number, name in parsed.placed(kind)
            if name not in known
        ]
    return sorted(slips)
