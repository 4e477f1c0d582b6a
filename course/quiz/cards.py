"""Cards: the current versions of questions, as one learner sees them beside one run.

A few queries for all the cards of a page, however many, and the run's trace once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from course.accounts.models import User
from course.quiz import evidence, faces, replies, showing, tokens, versions
from course.quiz.content import Content
from course.quiz.faces import Face
from course.quiz.kinds import KINDS
from course.quiz.models import Answer, Mode, Place, QuestionVersion
from course.quiz.needing import needs_of
from course.quiz.needs import Needed, needed
from course.quiz.parts import Card, Needs
from course.quiz.roles import Values
from course.quiz.taking import NONE, Taken, taken_of
from course.quiz.tokens import Token
from course.quiz.turns import NEXT, Wanted, turns_of
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.pages import badge_of

NO_WISH: Wanted = {}


def cards_for(
    shown: Iterable[QuestionVersion],
    learner: User | None,
    run: Run | None,
    wanted: Wanted = NO_WISH,
) -> list[Card]:
    """Every question as a card, in the order given. Writes nothing.

    A prediction is asked anew before each run: `run` is then only whose numbers its texts cite.
    wanted: turns of questions that need a run of their own.
    """
    sheets = _in_turn([_Sheet.of(version, run) for version in shown], learner, wanted)
    answered = [sheet for sheet in sheets if learner and not sheet.is_prediction]
    answers, taken = _answers(answered, learner), _taken(answered, learner)
    trace = run.load() if run and any(sheet.content.probes() for sheet in sheets) else None
    counts: dict[str, int] = defaultdict(int)
    cards = []
    for sheet in sheets:
        values = sheet.values(trace)
        card = _card(sheet, answers[sheet.version.question_id], learner, values, taken)
        counts[card.place] += 1
        cards.append(replace(card, number=counts[card.place]))
    return showing.in_cards([replace(card, count=counts[card.place]) for card in cards])


def card_of(
    version: QuestionVersion, learner: User | None, run: Run | None, turn: int = NEXT
) -> Card:
    """One card, as the page of its lesson shows it now. turn: of one that needs a run."""
    return _among(list(_siblings(version)), version, learner, run, turn)


def pinned(version: QuestionVersion, learner: User | None, run: Run | None) -> Card:
    """The same of this very version, where it was edited while somebody had it before them."""
    siblings = [
        version if each.question_id == version.question_id else each for each in _siblings(version)
    ]
    return _among(siblings, version, learner, run)


def _siblings(version: QuestionVersion) -> QuerySet[QuestionVersion]:
    question = version.question
    return versions.current(question.lesson.slug).filter(question__place=question.place)


def _among(
    siblings: Sequence[QuestionVersion],
    version: QuestionVersion,
    learner: User | None,
    run: Run | None,
    turn: int = NEXT,
) -> Card:
    slug = version.question.slug
    wanted = {slug: turn} if turn else NO_WISH
    cards = {card.slug: card for card in cards_for(siblings, learner, run, wanted)}
    if slug not in cards:  # archived while it was being answered
        return cards_for([version], learner, run, wanted)[0]
    return cards[slug]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A question that is to be shown, and the run that it is shown beside."""

    version: QuestionVersion
    content: Content
    run: Run | None
    variant: str
    needed: Needed | None = None
    turn: int = 0

    @classmethod
    def of(cls, version: QuestionVersion, run: Run | None) -> "_Sheet":
        content = Content.from_json(version.content)
        variant = run.pk if run and content.asks_about_run() else ""
        asked = needed(content.needs, run) if content.needs else None
        return cls(version, content, run, variant, asked)

    def values(self, trace: Trace | None) -> Values:
        """What the run says; of one that is still to be made, how many epochs it will have."""
        if self.needed:
            return {"epochs": self.needed.first.spec.epochs}
        return evidence.values_of(self.content.probes(), trace)

    @property
    def is_prediction(self) -> bool:
        return self.version.question.place == Place.PREDICTION


def _in_turn(sheets: list[_Sheet], learner: User | None, wanted: Wanted) -> list[_Sheet]:
    """Those that need a run, each in its turn, which is their variant."""
    asked = {each.version.question.slug: each.needed for each in sheets if each.needed}
    turns = turns_of(asked, learner, wanted)
    return [
        replace(each, turn=turn, variant=each.needed.variant(turn))
        if each.needed and (turn := turns[each.version.question.slug])
        else each
        for each in sheets
    ]


def _answers(sheets: list[_Sheet], learner: User | None) -> dict[int, list[Answer]]:
    """The learner's answers to these variants, in the order given, by question."""
    variants = {sheet.version.question_id: sheet.variant for sheet in sheets}
    found: dict[int, list[Answer]] = defaultdict(list)
    if not variants:
        return found
    rows = Answer.objects.filter(
        learner=learner,
        mode=Mode.LEARN,
        question__in=variants,
        variant__in=set(variants.values()),
    )
    for answer in rows.select_related("version", "run").order_by("attempt"):
        if variants[answer.question_id] == answer.variant:
            found[answer.question_id].append(answer)
    return found


def _taken(sheets: list[_Sheet], learner: User | None) -> Taken:
    """The hints that the learner took of those that have any."""
    variants = {each.version.question_id: each.variant for each in sheets if each.content.hints}
    return taken_of(learner, variants, Mode.LEARN)


def _card(
    sheet: _Sheet, answers: Sequence[Answer], learner: User | None, values: Values, taken: Taken
) -> Card:
    last = faces.telling(answers)
    content, limit = sheet.content, sheet.content.max_attempts
    if last and (last.correct or len(answers) >= limit):
        # What is over is shown as it was: the version answered, the numbers kept with the answer.
        content, values = Content.from_json(last.version.content), evidence.recall(last.evidence)
    shown = _order(sheet, content, answers, learner)
    face = Face(
        sheet.version.question,
        content,
        values,
        limit,
        tuple(answers),
        tuple(shown),
        taken.get(sheet.version.pk, NONE),
    )
    card = replace(faces.card(face), needs=_needs(sheet, last))
    if last and card.state != "locked":
        badge = badge_of(last.run) if last.run else None
        card = replace(card, feedback=replies.feedback(last, badge, over=card.is_over))
    if card.is_over:
        return card
    typed = answers[-1].raw if answers and KINDS[content.kind].again else ""
    token = _token(sheet, shown, len(answers) + 1, learner)
    if card.state == "locked" and card.needs:
        return replace(card, needs=replace(card.needs, token=token.signed()))
    return replace(card, token=token.signed(), draft=token.draft, typed=typed)


def _needs(sheet: _Sheet, last: Answer | None) -> Needs | None:
    if sheet.needed is None:
        return None
    told = needs_of(sheet.needed, sheet.turn, last.run if last else None)
    if last is None or last.gap is None:
        return told
    return replace(told, gap=KINDS[sheet.content.kind].off(last.gap))


def _order(
    sheet: _Sheet, content: Content, answers: Sequence[Answer], learner: User | None
) -> list[str]:
    """The options as they were shown at the last answer, or in an order of this learner's own."""
    names = KINDS[content.kind].shuffled(content)
    if answers and sorted(answers[-1].shown) == sorted(names):
        return list(answers[-1].shown)
    return tokens.shuffled(names, sheet.version.question_id, learner.pk if learner else "")


def _token(sheet: _Sheet, shown: list[str], attempt: int, learner: User | None) -> Token:
    return Token(
        version=sheet.version.pk,
        run=sheet.run.pk if sheet.run and sheet.content.probes() else "",
        attempt=sheet.turn or attempt,
        learner=learner.pk if learner else 0,
        order=tokens.places(shown, sheet.version.pk),
    )
