"""Every question of the course proves itself on real runs, and every claim in it is tried."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
import torch
from django.template.loader import render_to_string
from torch import Tensor, nn

from course.accounts.models import User
from course.lessons import files
from course.quiz import (
    evidence,
    hints,
    marking,
    predictions,
    replies,
    roles,
    submit,
    tokens,
    versions,
)
from course.quiz.cards import cards_for
from course.quiz.content import Content
from course.quiz.files import QuestionFile
from course.quiz.kinds import KINDS, BadResponseError, Response, Verdict
from course.quiz.markdown import blocks, sentences
from course.quiz.models import Answer, Place, Question, QuestionVersion
from course.quiz.needs import needed
from course.quiz.parts import Card
from course.quiz.reply import reply
from course.quiz.roles import Values
from course.quiz.tokens import Token
from tests.course.quiz.conftest import CONTENT, stored, trained
from tests.course.quiz.posting import without_tokens
from tests.sizes import size
from trainer.course_runs import BAND_SEEDS, ZERO_BETWEEN
from trainer.engine.probes import CURVES, probe
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace
from trainer.models import Run
from trainer.trials import Trial, trial

COURSE = files.read(CONTENT)
QUESTIONS = [question for folder in COURSE for question in folder.questions]
BROKEN = [question for question in QUESTIONS if question.content.kind == "faulty-line"]
LESSONS = [folder.lesson.slug for folder in COURSE]
CALM = PRESETS["calm"]
REAL = ("iris", "wine", "digits")

ODD: dict[str, RunSpec] = {
    "ragged": replace(CALM, batch_size=128),
    "whole": replace(CALM, batch_size=1000),
    "one epoch": replace(CALM, epochs=1),
    "one step": replace(CALM, rows=10, batch_size=10, epochs=1),
    "narrow": replace(CALM, hidden=1),
    "wide": replace(CALM, hidden=256),
    "diverged": replace(CALM, optimizer="adamw", lr=1e9),
    "blown up": replace(CALM, optimizer="sgd", lr=1e9),
    "still": replace(CALM, optimizer="sgd", lr=1e-9),
    "by hand": replace(CALM, optimizer="sgd", lr=0.5),
    "momentum": replace(CALM, optimizer="momentum", lr=0.1),
    "rmsprop": replace(CALM, optimizer="rmsprop"),
    "bench": PRESETS["bench"],
    **{
        f"{name}, seed {seed}": replace(PRESETS[name], seed=seed)
        for name in REAL
        for seed in (1, 2)
    },
    "digits, few": replace(PRESETS["digits"], rows=10, batch_size=5),
}


def values(content: Content, trace: Trace) -> Values:
    """What the run says to a question, or the run that the question needs beside it."""
    return evidence.values_of(content.probes(), about(content, trace))


def about(content: Content, trace: Trace) -> Trace:
    if not content.needs:
        return trace
    lines = Program.from_list(trace.document["program"]).spelling()
    asked = needed(content.needs, Run(spec=trace.document["spec"], program=lines)).asked(1)
    return settling(asked.spec, asked.program)


@cache
def settling(spec: RunSpec, program: Program) -> Trace:
    """A run that a question needs, made once."""
    return trained(spec, program.spelling())


@cache
def tried(program: Program) -> Trial:
    """The run of an answer, made once."""
    return trial(program)


def judged(content: Content, trace: Trace, response: Response) -> Verdict:
    """The verdict on an answer, which is run where its kind says so."""
    program = KINDS[content.kind].program(response, content)
    own = evidence.values_of_trial(content.probes(), tried(program)) if program else {}
    verdict = marking.grade(content, {**values(content, trace), **own}, response)
    assert verdict is not None
    return verdict


def prove(content: Content, trace: Trace) -> set[str]:
    """Try every sample of a question on a run; the options that had something to say."""
    kind = KINDS[content.kind]
    shown = kind.shuffled(content)
    samples = marking.samples(content, values(content, trace), shown)
    for sample in samples:
        if sample.share is None:
            with pytest.raises(BadResponseError):
                kind.parse(sample.raw, content, shown)
            continue
        verdict = judged(content, trace, kind.parse(sample.raw, content, shown))
        assert (verdict.share, verdict.matched) == (sample.share, sample.matched), sample
        option = content.option(sample.matched) if sample.share < 1 else None
        wanted = [option.misconception] if option and option.misconception else []
        assert marking.misconceptions(content, verdict) == wanted
    assert not samples or {1.0, None} <= {sample.share for sample in samples}
    return {sample.matched for sample in samples if sample.matched}


def answers(content: Content, trace: Trace) -> set[str]:
    """The options that say something to an answer which does not depend on the run beside it."""
    responses = KINDS[content.kind].variations(content)
    return {name for each in responses for name in judged(content, trace, each).matched.split()}


def of_run(content: Content, trace: Trace) -> set[str]:
    """Those of the options that say it to an answer which the run makes wrong.

    A run that a question needs may not show what is asked about: then that is what is said.
    """
    found = values(content, trace)
    if content.needs and marking.marking(content, found) is None:
        assert sentences(content.otherwise, found)
        return set()
    return set() if KINDS[content.kind].runs else speaking(content)


def speaking(content: Content) -> set[str]:
    """The options that have something to say."""
    return {option.name for option in content.options if option.feedback}


# -- every question ------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
@pytest.mark.parametrize("preset", ["calm", "published"])
def test_a_question_proves_itself_by_its_samples(
    question: QuestionFile, preset: str, request: pytest.FixtureRequest
) -> None:
    content, trace = question.content, request.getfixturevalue(preset)
    said = prove(content, trace) | answers(content, trace)
    assert said >= speaking(content)


@pytest.mark.parametrize("question", BROKEN, ids=lambda question: question.slug)
def test_a_broken_program_lacks_what_it_says(question: QuestionFile) -> None:
    facts = tried(Program.parse(question.content.code)).facts
    assert question.content.facts
    assert not any(facts[name] for name in question.content.facts.split())


@pytest.mark.parametrize("name", REAL)
def test_every_question_is_asked_on_real_data(name: str) -> None:
    """None is left out, and every wrong number can be told apart."""
    trace = trained(PRESETS[name])
    for question in QUESTIONS:
        assert prove(question.content, trace) >= of_run(question.content, trace), question.slug


@pytest.mark.parametrize("name", ODD)
def test_a_question_holds_or_is_left_out_in_odd_runs(name: str) -> None:
    trace = trained(ODD[name])
    for question in QUESTIONS:
        content = question.content
        prove(content, trace)
        found = values(content, trace)
        texts = [*content.question_texts(), content.hints, *content.reply_texts()]
        texts = [text for text in texts if roles.alone(text) not in CURVES]
        for sentence in (each for text in texts for each in sentences(text, found)):
            assert "{" not in sentence
            assert "None" not in sentence


def test_every_question_is_asked_of_the_seeds_of_a_class() -> None:
    """With other seeds every question is there, and every wrong number can be told apart."""
    for seed in range(1, size(6, 40)):
        trace = trained(replace(CALM, seed=seed))
        for question in QUESTIONS:
            said = prove(question.content, trace)
            assert said >= of_run(question.content, trace), (seed, question.slug)


OTHER = replace(CALM, rows=900, batch_size=90, epochs=4, hidden=12, lr=0.03, seed=1, data_seed=2)
"""Another run on the same kind of rows: what depends on nothing of a run is the same in both."""
OF_CLASSES = {
    "classes", "class_count", "log_classes", "equal_share", "equal_share_missed",
    "twice_the_classes", "highest_of_twice_the_classes", "log_twice_the_classes",
    "twice_log_classes",
}  # fmt: skip
"""What depends on how many classes there are, and on nothing else."""


def variant(content: Content, trace: Trace) -> tuple[Response, list[str]]:
    """The key that a run makes, and all that is said to answers."""
    found = values(content, trace)
    asked = marking.marking(content, found)
    assert asked
    said = [str(each) for text in content.reply_texts() for each in sentences(text, found)]
    return asked.key, said


def test_two_runs_make_two_variants_of_what_is_asked_about_a_run(calm: Trace) -> None:
    """A key that is computed and the same everywhere would still be read off a neighbour."""
    other, digits = trained(OTHER), trained(PRESETS["digits"])
    for content in (question.content for question in QUESTIONS):
        if content.asks_about_run():
            beside = digits if content.probes() <= OF_CLASSES else other
            assert variant(content, calm) != variant(content, beside), content.prompt


def test_on_the_pipeline_each_stage_asks_one_question_and_the_quiz_three() -> None:
    places = [(question.place, question.stage) for question in COURSE[0].questions]
    assert [stage for place, stage in places if place == Place.STAGE] == [
        "data-loading",
        "preprocessing",
        "model-input",
        "loss",
        "backpropagation",
    ]
    assert sum(place == Place.QUIZ for place, _ in places) == 3
    assert sum(place == Place.PREDICTION for place, _ in places) == 2


def test_the_lessons_are_those_of_the_course() -> None:
    assert [folder.lesson.slug for folder in COURSE] == [
        "pipeline", "data-loading", "preprocessing", "model-input", "loss", "backpropagation",
        "training-trace", "prediction-trace",
    ]  # fmt: skip
    assert [folder.lesson.mark for folder in COURSE] == ["", "1", "2", "3", "4", "5", "T", "P"]


def test_feedback_has_a_heading_a_reason_and_a_number_of_the_run() -> None:
    for question in QUESTIONS:
        for option in question.content.options:
            if not option.feedback or question.place == Place.PREDICTION:
                continue
            heading, reason = option.feedback.split("\n", 1)
            assert 10 < len(heading) < 60
            assert len(reason) > 40
            assert roles.names(option.evidence), (question.slug, option.name)


@pytest.mark.parametrize("name", ["one epoch", "diverged", "bench"])
def test_the_key_insight_is_told_with_the_numbers_of_any_run(name: str) -> None:
    text = COURSE[0].lesson.key_insight
    told = blocks(text, evidence.values_of(roles.names(text), trained(ODD[name])))
    assert "optimizer.step()" in told
    assert "{" not in told


# -- what is told when -----------------------------------------------------------------------


def page(card: Card) -> str:
    return without_tokens(render_to_string("course/question.html", {"card": card, "action": "/x/"}))


def says(html: str, text: str) -> bool:
    """Whether a number or a sentence stands in a page, not as part of another."""
    return bool(re.search(rf"(?<![\w.]){re.escape(text)}(?![\w.]|\.\d)", html))


def key_of(version: QuestionVersion, trace: Trace) -> str:
    content = Content.from_json(version.content)
    found = marking.marking(content, values(content, trace))
    assert found
    kind = KINDS[content.kind]
    return "" if kind.lists else kind.written(found.key, content)


@pytest.mark.django_db
@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("lesson", LESSONS)
def test_no_card_tells_its_key_or_a_reply_before_it_is_answered(
    lesson: str, alice: User, calm: Trace
) -> None:
    mine = stored(calm, alice)
    shown = list(versions.current(lesson))
    for version, card in zip(shown, cards_for(shown, alice, mine), strict=True):
        html, content = page(card), Content.from_json(version.content)
        for text in (content.hints, *content.reply_texts()):
            for sentence in sentences(text, values(content, calm)):
                assert sentence not in html
        key = key_of(version, calm)
        assert not key or not says(html, key), version.question.slug
        for option in content.options:
            assert f'value="{option.name}"' not in html
            assert not option.misconception or option.misconception not in html


@pytest.mark.django_db
@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("lesson", LESSONS)
def test_no_reply_to_a_first_wrong_answer_tells_the_right_one(
    lesson: str, alice: User, calm: Trace
) -> None:
    for version in versions.current(lesson).exclude(question__place=Place.PREDICTION):
        content = Content.from_json(version.content)
        names = KINDS[content.kind].shuffled(content)
        found = values(content, calm)
        for sample in marking.samples(content, found, names):
            if sample.share != 0 or content.max_attempts == 1:
                continue
            learner = User.objects.create_guest()
            (card,) = cards_for([version], learner, stored(calm, learner))
            shown = tokens.names(Token.read(card.token).order, names, version.pk) if names else []
            raw = next(
                each.raw
                for each in marking.samples(content, found, shown)
                if (each.matched, each.share) == (sample.matched, 0)
            )
            after = reply(learner, lambda: learner, {"token": card.token, "response": raw}).card  # noqa: B023
            assert after.state == "again"
            html, key = page(after), key_of(version, calm)
            assert not key or not says(html, key), (version.question.slug, sample)
            for sentence in sentences(content.explanation, found):
                assert sentence not in html
            assert not any(row.verdict == "right" for row in after.rows)


def wrong_verdicts(content: Content, trace: Trace) -> Iterator[Verdict]:
    """On every sample that is not right, and on a typed answer that nobody foresaw."""
    kind = KINDS[content.kind]
    shown = kind.shuffled(content)
    for sample in marking.samples(content, values(content, trace), shown):
        if sample.share is not None and sample.share < 1:
            yield judged(content, trace, kind.parse(sample.raw, content, shown))
    if not kind.lists:
        yield Verdict(correct=False, share=0)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
def test_no_wrong_answer_gets_a_bare_verdict(question: QuestionFile, calm: Trace) -> None:
    """It is told why, or what to think about, and not just that it is wrong."""
    content = question.content
    verdicts = list(wrong_verdicts(content, calm))
    assert verdicts
    for verdict in verdicts:
        answer = Answer(version=QuestionVersion(content=content.as_json()), max_score=1)
        submit.fill_in(answer, content, values(content, calm), verdict)
        feedback = replies.feedback(answer, None, over=False)
        assert not feedback.right
        said = " ".join((feedback.title, *feedback.text, *feedback.evidence))
        assert len(said) > len(feedback.title) + 20, verdict


# -- hints ---------------------------------------------------------------------------------------

HINTED = [question for question in QUESTIONS if question.content.hints]


def test_the_questions_that_ask_for_figures_have_hints() -> None:
    kinds = Counter(question.content.kind for question in HINTED)
    assert len(HINTED) >= 12
    assert kinds["number"] >= 8
    assert kinds["shape"] >= 3


@pytest.mark.parametrize("question", HINTED, ids=lambda question: question.slug)
@pytest.mark.parametrize("preset", ["calm", "published"])
def test_no_hint_tells_the_key_of_a_run(
    question: QuestionFile, preset: str, request: pytest.FixtureRequest
) -> None:
    content, found = question.content, values(question.content, request.getfixturevalue(preset))
    marked = marking.marking(content, found)
    assert marked
    key = KINDS[content.kind].written(marked.key, content)
    said = hints.told(content, found)
    assert len(said) == len(content.hints.splitlines()) <= 2
    assert not [hint for hint in said.values() if says(hint, key)]


# -- what the course claims without naming a run -----------------------------------------------


def test_the_claim_about_zero_grad_in_between() -> None:
    """Fifty steps, no error, and not one parameter changed."""
    trace = trained(CALM, ZERO_BETWEEN)
    assert trace.document["status"] == "finished"
    assert probe("steps_run", trace) == 50
    assert probe("largest_change", trace) == 0


def test_the_claim_about_a_cut_behind_the_hidden_layer() -> None:
    """No error, and the held-out loss comes down, but not as far as in the correct loop."""
    for seed in (CALM.seed, *BAND_SEEDS[: size(2, 12)]):
        spec = replace(CALM, seed=seed)
        cut = trained(
            spec, "zero_grad,forward_hidden,detach_hidden,forward_head,loss,backward,step"
        )
        assert cut.document["status"] == "finished"
        losses = [each["heldout_loss"] for each in cut.document["epochs"]]
        assert losses[0] > losses[-1] > 1.05 * float(probe("heldout_loss", trained(spec)) or 0)


def test_the_claim_that_backward_leaves_every_parameter_alone() -> None:
    trace = trained(CALM, "zero_grad,forward,loss,backward")
    assert probe("steps_run", trace) == 50
    assert probe("largest_change", trace) == 0


def taken(labels: Tensor) -> bool:
    """Whether the criterion takes labels for four rows of three scores each."""
    try:
        loss = nn.CrossEntropyLoss()(torch.zeros(4, 3), labels)
    except (RuntimeError, IndexError):
        return False
    return bool(loss.isfinite())


def test_the_claim_about_labels_that_the_criterion_takes() -> None:
    whole = torch.tensor([0, 1, 2, 2])
    rows = nn.functional.one_hot(whole, 3)
    given = {
        "index": whole,
        "shares": rows.float(),
        "whole-rows": rows,
        "with-point": whole.float(),
        "column": whole.view(4, 1),
        "from-one": whole + 1,
    }
    (content,) = (each.content for each in QUESTIONS if each.slug == "ls-valid")
    assert {each.name: each.correct for each in content.options} == {
        name: taken(labels) for name, labels in given.items()
    }


def heldout_losses(trace: Trace) -> list[object]:
    assert trace.document["status"] == "finished"
    return [each["heldout_loss"] for each in trace.document["epochs"]]


def test_the_claim_about_what_keeps_a_held_out_loss_level() -> None:
    """Three loops of five leave it where it was; the other two move it in each epoch."""
    ordered = (
        "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader_ordered,for_epoch,"
        "train_mode,for_batch,scale,zero_grad,forward,loss,backward,step,eval_mode,no_grad,"
        "heldout_logits,heldout_loss,heldout_hits,heldout_accuracy"
    )
    wrapped = "zero_grad,forward,loss,loss_wrapped,backward,step"
    for lines in ("zero_grad,forward,loss,backward", ZERO_BETWEEN, wrapped):
        assert len(set(heldout_losses(trained(CALM, lines)))) == 1
    for lines in ("forward,loss,backward,step", ordered):
        assert len(set(heldout_losses(trained(CALM, lines)))) == CALM.epochs


def test_the_claim_about_a_dozen_other_seeds() -> None:
    """At least 10 rises in 49 changes, and an end below 0.6 of the beginning."""
    assert len(BAND_SEEDS) == 12
    assert CALM.seed not in BAND_SEEDS
    for seed in (*BAND_SEEDS, *range(100, size(104, 150))):
        trace = trained(replace(CALM, seed=seed))
        first, last = probe("first_batch_loss", trace), probe("last_batch_loss", trace)
        rises = probe("rises_in_batch_loss", trace)
        assert probe("batch_loss_course", trace) == "falls_with_rises"
        assert probe("batch_pairs", trace) == 49
        assert isinstance(rises, int)
        assert isinstance(first, float)
        assert isinstance(last, float)
        assert rises >= 10
        assert last < 0.6 * first


@pytest.mark.django_db
@pytest.mark.usefixtures("course")
def test_predictions_of_the_course_can_be_settled_by_any_run(alice: User) -> None:
    for name in ("one step", "diverged", "ragged"):
        mine = stored(trained(ODD[name]), alice)
        cards = predictions.cards("pipeline", alice, mine)
        fields = {f"{card.field}-token": card.token for card in cards}
        fields |= {card.field: "0" for card in cards}
        given = predictions.parse("pipeline", alice, fields)
        assert given.errors == {}
        predictions.lock(alice, mine, given)
        predictions.settle(mine)
        assert len(predictions.outcomes(mine)) == 2
    assert Question.objects.filter(place=Place.PREDICTION).count() == 2
