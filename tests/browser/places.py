"""Every kind of page that the site has, and learners whose rows bring them about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.db.models import F
from django.test import Client
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import BrowserContext

from course.accounts import people
from course.accounts.models import User
from course.lessons.lesson.text import parse
from course.lessons.models import Lesson
from course.lessons.pipeline.sections import TELLERS
from course.quiz import anew, predictions
from course.quiz.models import Mode, Question
from course.quiz.reply import reply
from course.quiz.versions import current
from course.recall.models import Memory
from course.stages import MARKS
from tests.course.lab.experiments.read import EXPERIMENTS
from tests.course.quiz.posting import card, nobody, some_answer
from tests.course.quiz.posting import place as place_of
from tests.staging import cut_short, short, stored, trained, without_trace
from tests.tables import odd_table, own_table, run_on
from trainer.course_runs import course_run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace
from trainer.executors import executor
from trainer.executors.contract import CANCELLED, Busy
from trainer.models import Run, Sweep
from trainer.runs import LOST

LESSONS = list(MARKS)

EVERYTHING = urlencode(
    [("open", slug) for slug in (*TELLERS, "training-trace", "prediction-trace")]
)
DIVERGED = RunSpec(optimizer="sgd", lr=1e9)
LEFT = RunSpec(optimizer="adamw", lr=1e9)


@dataclass
class Place:
    """A page and who looks at it. status: what the server answers with."""

    address: str
    learner: User | None = None
    status: int = 200
    runs: list[Run] = field(default_factory=list)


def guest() -> Place:
    """The pipeline as somebody sees it who has just come."""
    return Place("/pipeline/")


def opened() -> Place:
    """The same with everything shown."""
    return Place(f"/pipeline/?{EVERYTHING}")


def own() -> Place:
    """With a run of one's own, every question answered, some of them wrong."""
    learner = User.objects.create_guest()
    run = _calm(learner)
    _answer_all(learner, run)
    return Place(f"/pipeline/?run={run.pk}&{EVERYTHING}", learner)


def failed() -> Place:
    """With a run that stopped with an error."""
    return _told(short("zero_grad,loss,backward,step"))


def diverged() -> Place:
    """With a run whose numbers went out of bounds."""
    return _told(trained(DIVERGED, Program.correct()))


def on_iris() -> Place:
    """With a run on iris flowers, whose columns and classes have names."""
    return _told(trained(PRESETS["iris"], Program.correct()))


def on_digits() -> Place:
    """With a run on digits: many columns, ten classes, rows that are pictures."""
    return _told(trained(PRESETS["digits"], Program.correct()))


def run_on_wine() -> Place:
    """The page of a run on wines."""
    trace = trained(PRESETS["wine"], Program.correct())
    return _page_of(stored(trace, User.objects.create_guest()))


def ledger() -> Place:
    """A weight through a run."""
    return _inside(_calm(User.objects.create_guest()), "weights/")


def ledger_blank() -> Place:
    """With one update left to the learner, whose answer cannot be read."""
    run = stored(trained(PRESETS["digits"], Program.correct()), User.objects.create_guest())
    return _inside(run, "weights/?step=3&try=abc", status=400)


def ledger_told() -> Place:
    """With one update spelled out after a wrong answer, of numbers far out of bounds."""
    run = stored(
        trained(RunSpec(optimizer="adamw", lr=1e9), Program.correct()), User.objects.create_guest()
    )
    return _inside(run, "weights/?name=2.bias&row=1&step=2&try=5")


def no_ledger() -> Place:
    """Of a run that has no weights."""
    run = stored(short("zero_grad:3"), User.objects.create_guest())
    return _inside(run, "weights/")


def rows() -> Place:
    """A held-out row, with a sum opened and a list of rows."""
    return _inside(_calm(User.objects.create_guest()), "predict/?row=3&unit=2&label=0&predicted=1")


def row_on_digits() -> Place:
    """A row that is a picture, before training."""
    run = stored(trained(PRESETS["digits"], Program.correct()), User.objects.create_guest())
    return _inside(run, "predict/?epoch=0&logit=7&tenth=1")


def row_typed() -> Place:
    """A row of one's own that cannot be read."""
    run = stored(trained(PRESETS["wine"], Program.correct()), User.objects.create_guest())
    return _inside(run, "predict/?x0=abc&x1=1e9", status=400)


def no_runs() -> Place:
    """The empty list."""
    return Place("/runs/")


def many_runs() -> Place:
    """A list of two pages with runs of every kind."""
    learner = User.objects.create_guest()
    for seed in range(18):
        stored(short(seed=seed), learner)
    for place in (run_failed, run_stopped, run_interrupted, run_refused):
        Run.objects.filter(owner=place().learner).update(owner=learner)
    return Place("/runs/", learner)


def run_finished() -> Place:
    """The page of a run that came to its end."""
    learner = User.objects.create_guest()
    return _page_of(_calm(learner))


def run_failed() -> Place:
    """Of one that stopped with an error."""
    return _page_of(stored(short("zero_grad,loss,backward,step"), User.objects.create_guest()))


def run_stopped() -> Place:
    """Of one that was called off."""
    return _page_of(stored(cut_short(CANCELLED, at=2), User.objects.create_guest()))


def run_interrupted() -> Place:
    """Of one that left nothing."""
    learner = User.objects.create_guest()
    return _page_of(without_trace(learner, "interrupted", reasons={"run": LOST}))


def run_under_way() -> Place:
    """Of one that is being made elsewhere."""
    return _page_of(without_trace(User.objects.create_guest(), "pending"))


def run_refused() -> Place:
    """Of settings that could not be run."""
    learner = User.objects.create_guest()
    sent = {"lr": "-3", "epochs": "many", "hidden": "9" * 80}
    why = {"lr": "Must be above 0.", "epochs": "Must be a whole number."}
    return _page_of(without_trace(learner, "refused", spec=sent, reasons=why, program=""))


def run_of_the_course() -> Place:
    """Of a run that is everybody's."""
    run = course_run("published")
    assert run
    return Place(run.get_absolute_url())


def account_of_nobody() -> Place:
    """Before anything was done."""
    return Place("/account/")


def account_of_a_guest() -> Place:
    """Of somebody without a name."""
    return Place("/account/", User.objects.create_guest())


def account() -> Place:
    """Of somebody whose name and address are as long as they may be."""
    return Place("/account/", _account("n" * 40, f"{'e' * 60}@example.org"))


def signing_up() -> Place:
    """The form of a new account."""
    return Place("/account/sign-up/?next=/runs/", User.objects.create_guest())


def signing_in() -> Place:
    """The way back."""
    return Place("/account/sign-in/", User.objects.create_guest())


def details() -> Place:
    """Another name."""
    return Place("/account/details/", _account())


def password() -> Place:
    """Another password."""
    return Place("/account/password/", _account())


def password_forgotten() -> Place:
    """Asking for a mail."""
    return Place("/account/password/forgotten/")


def mail_sent() -> Place:
    """After it was asked for."""
    return Place("/account/password/sent/")


def password_renew() -> Place:
    """Where the mail leads."""
    person = _account()
    uid = urlsafe_base64_encode(str(person.pk).encode())
    return Place(f"/account/password/{uid}/{default_token_generator.make_token(person)}/")


def link_over() -> Place:
    """Where it leads the second time."""
    return Place("/account/password/MQ/0-0/", status=404)


def erase() -> Place:
    """The way out of an account."""
    return Place("/account/erase/", _account())


def erase_guest() -> Place:
    """The way out for a guest."""
    return Place("/account/erase/", User.objects.create_guest())


def no_progress() -> Place:
    """Before anything was done."""
    return Place("/progress/")


def progress() -> Place:
    """With runs of every kind, predictions and answers, some of them wrong."""
    learner = User.objects.create_guest()
    for seed in range(6):
        run = stored(short(seed=seed), learner)
        _predict(learner, run, settle=seed < 5)
    _answer_all(learner, _calm(learner))
    return Place("/progress/", learner)


def certainty() -> Place:
    """How sure one was in many answers, at some levels often enough to tell."""
    return Place("/progress/certainty/", _well_known())


def objectives() -> Place:
    """Standing with every objective."""
    return Place("/progress/objectives/", _well_known())


def beliefs() -> Place:
    """The map of beliefs, some of them shown, some overcome."""
    return Place("/progress/beliefs/", _well_known())


def no_beliefs() -> Place:
    """The map before anything was answered."""
    return Place("/progress/beliefs/")


def step() -> Place:
    """A step of a run, after the line that fills the gradients."""
    learner = User.objects.create_guest()
    return Place(f"/runs/{_calm(learner).pk}/steps/4/?line=6", learner)


def step_first() -> Place:
    """The first one, with all that came before it."""
    learner = User.objects.create_guest()
    return Place(f"/runs/{_calm(learner).pk}/steps/1/?line=9", learner)


def step_failed() -> Place:
    """The line that ended a run."""
    learner = User.objects.create_guest()
    run = stored(short("zero_grad,forward,loss,backward,backward,step"), learner)
    return Place(f"/runs/{run.pk}/steps/1/", learner)


def step_diverged() -> Place:
    """A step whose numbers are none."""
    learner = User.objects.create_guest()
    run = stored(trained(DIVERGED, Program.correct()), learner)
    return Place(f"/runs/{run.pk}/steps/50/?line=last", learner)


def step_on_digits() -> Place:
    """A step with wide tensors."""
    learner = User.objects.create_guest()
    run = stored(trained(PRESETS["digits"], Program.correct()), learner)
    return Place(f"/runs/{run.pk}/steps/12/?tensor=x", learner)


def front() -> Place:
    """The front page as somebody sees it who has just come."""
    return Place("/")


def front_again() -> Place:
    """The front page for who returns."""
    learner = User.objects.create_guest()
    _answer_all(learner, _calm(learner))
    return Place("/", learner)


def lessons() -> Place:
    """The list of lessons."""
    return Place("/lessons/")


def lesson(slug: str) -> Callable[[], Place]:
    """A lesson with all of it shown and every question answered, some of them wrong."""

    def place() -> Place:
        learner = User.objects.create_guest()
        run = _calm(learner)
        _answer_all(learner, run, slug)
        return Place(_opened(Lesson.objects.get(slug=slug)), learner)

    return place


def lab() -> Place:
    """The builder as somebody sees it who has just come."""
    return Place("/lab/")


def lab_refused() -> Place:
    """With settings and lines that cannot be run."""
    return Place("/lab/?lr=-3&epochs=many&alterations=tea&lines=forward,fly")


def lab_marked() -> Place:
    """With a line just moved, some of them far in, and the text of the loop in its box."""
    return Place("/lab/?lines=if_fourth,step:6,forward:5,argmax&at=up-12&text=1")


def lab_failed() -> Place:
    """With a loop that stopped with an error."""
    run = stored(short("zero_grad,loss,backward,step"), User.objects.create_guest())
    return Place(f"/lab/?run={run.pk}", run.owner, runs=[run])


def lab_beside() -> Place:
    """With a loop beside the correct one."""
    learner = User.objects.create_guest()
    _calm(learner)
    late = stored(trained(RunSpec(), Program.parse("step,forward,loss,backward")), learner)
    return Place(f"/lab/?run={late.pk}", learner)


def atlas() -> Place:
    """The map of all arrangements."""
    return Place("/lab/atlas/")


def atlas_table() -> Place:
    """One kind of them in a table."""
    return Place("/lab/atlas/?outcome=in-place&view=table")


def experiments() -> Place:
    """The list of experiments, one of them run."""
    place = experiment_run()
    return Place("/lab/experiments/", place.learner)


def experiment() -> Place:
    """An experiment as somebody sees it who has just come."""
    return Place("/lab/experiments/last-batch-lost/")


def experiment_run() -> Place:
    """One that was run, with its evidence and its curves."""
    return _ran("no-shuffle-sorted")


def experiment_failed() -> Place:
    """One whose run stopped with an error, as it should."""
    return _ran("backward-twice")


def autopsy() -> Place:
    """Of a run that left the finite numbers."""
    run = stored(trained(LEFT, Program.correct()), User.objects.create_guest())
    return Place(f"{run.get_absolute_url()}autopsy/", run.owner)


def autopsy_of_finite() -> Place:
    """Of one that did not."""
    run = stored(short(), User.objects.create_guest())
    return Place(f"{run.get_absolute_url()}autopsy/", run.owner)


def comparison() -> Place:
    """Of six runs: broken, diverged, stopped, refused and two that are fine."""
    learner = User.objects.create_guest()
    traces = (short(), short(lr=0.5), short("zero_grad,loss"), trained(LEFT, Program.correct()))
    runs = [stored(trace, learner) for trace in traces]
    for place in (run_stopped, run_refused):
        made = Run.objects.get(owner=place().learner)
        Run.objects.filter(pk=made.pk).update(owner=learner)
        runs.append(made)
    return Place(f"/runs/compare/?{urlencode([('run', run.pk) for run in runs])}", learner)


def comparison_to_choose() -> Place:
    """Before two runs are chosen."""
    learner = User.objects.create_guest()
    for seed in range(3):
        stored(short(seed=seed), learner)
    return Place("/runs/compare/", learner)


def sweeps_new() -> Place:
    """The form, and no sweep yet."""
    return Place("/lab/sweeps/")


def sweeps_own() -> Place:
    """The form beside one's sweeps."""
    return Place("/lab/sweeps/", sweep().learner)


def sweep() -> Place:
    """One that is over, with a point that failed to stay finite; three seeds each."""
    return _swept([0.02, 0.5, 1e9], "cancelled")


def sweep_begun() -> Place:
    """One that nobody drives: it has no point, and its page asks for one."""
    return _swept([0.02, 0.5], "cancelled", points=0)


def no_data() -> Place:
    """Before a data set was brought."""
    return Place("/lab/data/")


def data() -> Place:
    """The list of one's data sets, one of them with an odd name."""
    learner = User.objects.create_guest()
    own_table(learner)
    odd_table(learner)
    return Place("/lab/data/", learner)


def data_set() -> Place:
    """A data set whose names are odd and long, with runs on it."""
    learner = User.objects.create_guest()
    table = odd_table(learner)
    run_on(table)
    return Place(f"/lab/data/{table.pk}/", learner)


def on_own_data() -> Place:
    """The pipeline with a run on such a data set."""
    learner = User.objects.create_guest()
    run = run_on(odd_table(learner))
    return Place(f"/pipeline/?run={run.pk}&{EVERYTHING}", learner)


def recall() -> Place:
    """A question that came back, and others that are to come."""
    learner = User.objects.create_guest()
    run = _calm(learner)
    for slug in ("loss", "preprocessing"):
        _answer_all(learner, run, slug)
    held = Memory.objects.filter(learner=learner)
    held.filter(question__lesson__slug="loss").update(due=F("due") - timedelta(days=4))
    return Place("/recall/", learner)


def recalled() -> Place:
    """The reply to an answer that was given from memory, and it was wrong."""
    learner = recall().learner
    version = current("loss").get(question__slug="ls-argmax")
    shown = anew.asked(version, learner, None, Mode.RECALL)
    form = {"token": shown.token, "response": "0", "confidence": "sure"}
    answer = reply(learner, nobody, form, Mode.RECALL).answer
    assert answer
    return Place(f"/recall/answers/{answer.pk}/", learner)


def hinted() -> Place:
    """Questions with hints that were taken, and the reply to who was sure and wrong."""
    learner, run = User.objects.create_guest(), course_run("calm")
    asked = current("pipeline")
    for _ in range(2):
        shown = card(asked.get(question__slug="q-by-hand").question, learner, run)
        reply(learner, nobody, {"token": shown.token, "hint": str(shown.next_hint)})
    shown = card(asked.get(question__slug="q-clear").question, learner, run)
    wrong = place_of(shown, "either way")
    reply(learner, nobody, {"token": shown.token, "response": wrong, "confidence": "sure"})
    return Place("/pipeline/", learner)


def nothing_due() -> Place:
    """Recall when all is still to come."""
    learner = User.objects.create_guest()
    _answer_all(learner, _calm(learner), "loss")
    return Place("/recall/", learner)


def no_recall() -> Place:
    """Recall before anything was answered."""
    return Place("/recall/")


def nowhere() -> Place:
    """No page."""
    return Place("/not-there/", status=404)


def needed_locked() -> Place:
    """A curve is drawn and locked; no runner was free for the run that it waits for."""
    return _needed("bp-hundredfold", ["0.9"] * 5, PRESETS["calm"], busy=True)


def needed_wrong() -> Place:
    """One was drawn that lies far from the run that was made after it."""
    return _needed("dl-unshuffled", ["0.95", "0.8", "0.65", "0.5", "0.4"], PRESETS["calm"])


def needed_absent() -> Place:
    """What the question takes for granted did not happen in that run."""
    return _needed("dl-unshuffled", ["1"] * 10, PRESETS["iris"])


PLACES: dict[str, Callable[[], Place]] = {
    place.__name__: place
    for place in (
        guest, opened, own, failed, diverged, on_iris, on_digits, run_on_wine,
        no_runs, many_runs, run_finished, run_failed, run_stopped, run_interrupted,
        run_under_way, run_refused, run_of_the_course, front, front_again, lessons, nowhere,
        lab, lab_refused, lab_marked, lab_failed, lab_beside, atlas, atlas_table,
        experiments, experiment, experiment_run, experiment_failed,
        account_of_nobody, account_of_a_guest, account, signing_up, signing_in, details, password,
        password_forgotten, mail_sent, password_renew, link_over, erase, erase_guest,
        recall, recalled, hinted, nothing_due, no_recall,
        no_progress, progress, certainty, objectives, beliefs, no_beliefs,
        step, step_first, step_failed, step_diverged, step_on_digits,
        ledger, ledger_blank, ledger_told, no_ledger, rows, row_on_digits,
        row_typed,
        autopsy, autopsy_of_finite, comparison, comparison_to_choose,
        sweeps_new, sweeps_own, sweep, sweep_begun,
        no_data, data, data_set, on_own_data,
        needed_locked, needed_wrong, needed_absent,
    )
} | {f"lesson_{slug}": lesson(slug) for slug in LESSONS}  # fmt: skip


DRAWN = ("own", "run_finished", "experiment_run", "comparison")
"""Where Plotly draws, too: the others look at the curves that stand in for it."""


def sign_in(context: BrowserContext, site: str, learner: User | None) -> None:
    """Give the browser the session of a learner."""
    if learner is None:
        return
    client = Client()
    client.force_login(learner)
    key = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": key, "url": site}])


def _account(name: str = "", email: str = "") -> User:
    """Somebody with a name: each of them has another."""
    known = User.objects.create_guest()
    people.sign_up(
        known,
        User(username=name + known.handle, email=email, password=make_password("a-long-password")),
    )
    return User.objects.get(pk=known.pk)


def _predict(learner: User, run: Run, *, settle: bool) -> None:
    """What was said before the run: by a number far off, and now and then a wrong option."""
    form = dict[str, str]()
    for asked in predictions.cards("pipeline", learner, None):
        form[asked.field] = "0" if asked.kind == "choice" else "12.5"
        form[f"{asked.field}-token"] = asked.token
    predictions.lock(learner, run, predictions.parse("pipeline", learner, form))
    if settle:
        predictions.settle(run)


def _swept(values: list[float], status: str, points: int | None = None) -> Place:
    """A sweep as the trainer would have left it."""
    learner, spec = User.objects.create_guest(), short(optimizer="adamw").document["spec"]
    made = Sweep.objects.create(
        owner=learner, status=status, spec=spec, program=Program.correct().spelling(),
        setting="lr", values=values, seeds=[1, 2, 3],
    )  # fmt: skip
    for place in range(made.size if points is None else points):
        point = made.point(place)
        trace = short(optimizer="adamw", lr=point.lr, seed=point.seed)
        stored(trace, learner, sweep=made, place=place)
    return Place(made.get_absolute_url(), learner)


def _needed(slug: str, drawn: list[str], spec: RunSpec, *, busy: bool = False) -> Place:
    """A question that needs a run, answered beside a run of these settings."""
    learner = User.objects.create_guest()
    run = stored(trained(spec, Program.correct()), learner)
    question = Question.objects.get(slug=slug)
    form = {"token": card(question, learner, run).token, "response": "\n".join(drawn)}

    def made(spec: RunSpec, program: Program, **_: object) -> Trace:
        if busy:
            raise Busy(3)
        return trained(spec, program)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executor(), "run", made)
        reply(learner, nobody, form)
    return Place(_opened(question.lesson), learner)


def _opened(lesson: Lesson) -> str:
    """A lesson with every section open."""
    shown = urlencode([("open", section.slug) for section in parse(lesson.text).sections])
    return f"/lessons/{lesson.slug}/?{shown}"


def _calm(learner: User) -> Run:
    course = course_run("calm")
    assert course
    assert course.trace
    return stored(course.trace.engine_trace, learner, duration_ms=29)


def _told(trace: Trace) -> Place:
    learner = User.objects.create_guest()
    run = stored(trace, learner)
    return Place(f"/pipeline/?run={run.pk}&{EVERYTHING}", learner)


def _inside(run: Run, address: str, status: int = 200) -> Place:
    return Place(run.get_absolute_url() + address, run.owner, status)


def _page_of(run: Run) -> Place:
    return Place(run.get_absolute_url(), run.owner)


def _ran(name: str) -> Place:
    """The page of an experiment after both of its runs."""
    learner, tried = User.objects.create_guest(), EXPERIMENTS[name]
    run, beside = (
        stored(trained(asked.spec, asked.program), learner)
        for asked in (tried.asked(), tried.asked_beside())
    )
    query = urlencode({"run": run.pk, "beside": beside.pk, "said": 1})
    return Place(f"/lab/experiments/{name}/?{query}", learner)


def _well_known() -> User:
    """Somebody with answers to three lessons, and one from memory."""
    learner = recalled().learner
    assert learner
    for slug in ("backpropagation", "training-trace"):
        _answer_all(learner, _calm(learner), slug)
    return learner


def _answer_all(learner: User, run: Run, lesson: str = "pipeline") -> None:
    """A first answer to every question, right or not as it falls; a second to some."""
    for number, version in enumerate(current(lesson).exclude(question__place="prediction")):
        for _ in range(1 + number % 2):
            shown = card(version.question, learner, run)
            if not shown.is_over:
                raw = some_answer(shown)
                form = {"token": shown.token, "response": raw, "confidence": "sure"}
                assert reply(learner, nobody, form).status == 200
