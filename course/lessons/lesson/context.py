"""The page of a lesson put together: its text told by a run, as far as the reader has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from course.accounts.models import User
from course.lab.experiments.finding import has_experiments
from course.lessons.closing import closing
from course.lessons.lesson import text
from course.lessons.lesson.card import linked_card
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.lesson.figures import FIGURES
from course.lessons.lesson.text import Placed, Prose, Section
from course.lessons.minutes import minutes
from course.lessons.models import Lesson
from course.lessons.pipeline.wording import prose
from course.quiz import evidence, markdown
from course.quiz.cards import cards_for
from course.quiz.content import Content
from course.quiz.parts import Card
from course.quiz.roles import Values
from course.quiz.turns import NEXT
from course.quiz.versions import current
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.pages import badge_of

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: a run, sections to be open, and what figures let one choose.

    again: the slug of a question that is to be asked once more, about another run.
    """

    run: str = ""
    opened: frozenset[str] = frozenset()
    again: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)

    def query(self, *without: str) -> list[tuple[str, str]]:
        """As it stands in the address; `without` the choices of one figure."""
        asked = [("run", self.run)] if self.run else []
        asked += [("open", slug) for slug in sorted(self.opened)]
        asked += [("again", self.again)] if self.again else []
        return asked + [(name, each) for name, each in self.chosen.items() if name not in without]


def address(lesson: Lesson, wanted: Wanted, name: str = "lesson") -> str:
    """The page, or another address of it, that shows the same."""
    path, query = reverse(name, args=[lesson.slug]), wanted.query()
    return f"{path}?{urlencode(query)}" if query else path


def page(
    lesson: Lesson,
    learner: User | None,
    run: Run | None,
    wanted: Wanted,
    answered: Card | None = None,
) -> Context:
    """Everything that the page shows. `answered` stands for its card as it is now."""
    versions = list(current(lesson.slug))
    turns = {wanted.again: NEXT} if wanted.again else {}
    cards = cards_for(versions, learner, run, turns)
    if answered:
        cards = [answered if card.slug == answered.slug else card for card in cards]
    cards = [_offered(card, lesson, wanted) for card in cards]
    trace = run.load() if run else None
    parsed = text.parse(lesson.text)
    values = evidence.values_of(evidence.known(parsed.probes()), trace)
    teller = _Teller(lesson, wanted, {card.slug: card for card in cards}, values, run, trace)
    return {
        "lesson": lesson,
        "minutes": minutes(lesson.text, [Content.from_json(each.content) for each in versions]),
        "lessons": list(Lesson.objects.filter(archived=False, mark__gt="")),
        "run": run,
        "own": bool(run and run.owner_id),
        "badge": badge_of(run) if run else None,
        "card": _card(lesson, trace) if trace else None,
        "sections": [teller.section(section) for section in parsed.sections],
        "answers": address(lesson, wanted, "lesson-answers"),
        "quiz": closing(lesson, cards, trace),
        "experiments": has_experiments(lesson.slug),
    }


def _offered(card: Card, lesson: Lesson, wanted: Wanted) -> Card:
    """With the address of its next turn, where it is over and needs a run."""
    if card.needs is None or not card.is_over:
        return card
    there = f"{address(lesson, replace(wanted, again=card.slug))}#{card.id}"
    return replace(card, needs=replace(card.needs, again=there))


def _card(lesson: Lesson, trace: Trace) -> Context:
    """The batch in the rail: lines of this lesson are lit, the others lead to theirs."""
    card = linked_card(trace.document, lesson.mark)
    return card | {"title": "You are here", "note": f"lesson {lesson.order} of 7"}


@dataclass(frozen=True, slots=True)
class _Teller:
    """Turns sections of the text into what the template writes out."""

    lesson: Lesson
    wanted: Wanted
    cards: Mapping[str, Card]
    values: Values
    run: Run | None
    trace: Trace | None

    def section(self, section: Section) -> Context:
        """The parts up to the first question that is open, or all where the reader passed it."""
        passed = section.slug in self.wanted.opened
        shown, waits = [], False
        for part in section.parts:
            if made := self._part(part):
                shown.append(made)
                card: Card | None = made.get("card")
                waits = card is not None and not card.is_over and not passed
            if waits:
                break
        opened = replace(self.wanted, opened=self.wanted.opened | {section.slug})
        return {
            "slug": section.slug,
            "heading": prose(section.heading),
            "parts": shown,
            "show_me": f"{address(self.lesson, opened)}#{section.slug}" if waits else "",
        }

    def _part(self, part: Prose | Placed) -> Context | None:
        if isinstance(part, Prose):
            written = markdown.blocks(part.markdown(self.values), self.values)
            return {"prose": written} if written else None
        if part.kind == "question":
            card = self.cards.get(part.names[0])
            return {"card": card} if card else None
        if part.kind == "lines":
            return self._lines(part.names)
        return self._figure(part.names[0])

    def _lines(self, wanted: Sequence[str]) -> Context | None:
        """Lines of the program that ran, at their levels."""
        program = self.trace.document["program"] if self.trace else []
        found = [line for line in program if line["id"] in wanted]
        return {"lines": [_indented(line) for line in found]} if found else None

    def _figure(self, name: str) -> Context:
        made = None
        if self.run and self.trace:
            made = FIGURES[name](Shown(self.run, self.trace, self.wanted.chosen))
        if made is None:
            return {"figure": {"id": f"fig-{name}", "absent": True}}
        return {"figure": self._written(name, made)}

    def _written(self, name: str, made: Figure) -> Context:
        mine = [control.name for control in made.controls]
        return {
            "id": f"fig-{name}",
            "title": made.title,
            "says": prose(made.says),
            "drawing": made.drawing,
            "tall": made.tall,
            "charts": made.charts,
            "table": made.table,
            "controls": made.controls,
            "action": f"{reverse('lesson', args=[self.lesson.slug])}",
            "hidden": self.wanted.query(*mine),
        }


def _indented(line: Mapping[str, Any]) -> SafeString | str:
    indent = "    " * int(line["level"])
    return "\n".join(indent + row for row in str(line["source"]).split("\n"))
