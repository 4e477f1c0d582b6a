"""Who may do what at every address that names something, and that looking writes nothing.

The addresses are read from the resolver: one that is not told here fails, until somebody has
thought about whose it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import product
from urllib.parse import urlencode

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from course.accounts.models import User
from course.lab.experiments import stored as stored_experiments
from course.lab.models import Experiment
from course.lessons.models import Lesson
from course.quiz.files import QuestionFile
from course.quiz.models import Answer, Question
from course.quiz.stored import write
from course.recall.models import Memory
from tests.course.lab.experiments.read import EXPERIMENTS
from tests.course.quiz.conftest import COLOUR
from tests.course.recall.recalling import learn, recall_option
from tests.staging import browser, fingerprint, nothing_changed, nothing_written, short, stored
from tests.tables import own_table
from trainer.engine.program import Program
from trainer.models import Run, Sweep
from trainer.own_tables import OwnTable

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "post", "put", "patch", "delete")
READS = ("get", "head")
MALFORMED = ("0", "x" * 300, "a-b_c", "%00", "é", "' OR 1=1", "..", "1;2", "nothing")
OK, GONE, NOT_ALLOWED = 200, 404, 405


@dataclass
class Cast:
    """The people of a test: who owns things, and who does not."""

    owner: User
    other: User
    guest: User

    def strangers(self) -> list[User | None]:
        """Everybody but the owner."""
        return [self.other, self.guest, None]


@dataclass(frozen=True)
class Told:
    """What an address with parameters is about.

    whose: "owner" names a row of one person; to all others it does not exist. "holder" is itself
    the secret, and whoever has it may come. "everybody" is a page of the course. methods: those
    that are answered. missing: what they answer where there is nothing, if it is not 404. bare:
    what they may answer the owner who sends nothing along.
    """

    whose: str
    methods: tuple[str, ...] = READS
    missing: dict[str, int] = field(default_factory=dict)
    bare: dict[str, int] = field(default_factory=dict)


TOLD = {
    "run": Told("owner"),
    "trace-json": Told("owner"),
    "script-py": Told("owner"),
    "exercise-py": Told("owner"),
    "step": Told("owner"),
    "predict": Told("owner"),
    "weights": Told("owner"),
    "autopsy": Told("owner"),
    "sweep": Told("owner"),
    "sweep-next": Told("owner", ("post",)),
    "sweep-cancel": Told("owner", ("post",)),
    # A POST deletes, and has to say that it means it.
    "data-set": Told("owner", (*READS, "post"), bare={"post": 422}),
    # A browser asks before the run has begun and when it has just ended.
    "progress": Told("holder", (*READS, "post"), {"get": OK, "head": OK}),
    "password-renew": Told("holder", (*READS, "post")),
    "recall-answer": Told("owner"),
    "lesson": Told("everybody"),
    "lesson-answers": Told("everybody", ("post",)),
    "experiment": Told("everybody", (*READS, "post")),
}
"""By the name of the address."""


def addresses(*, with_parameters: bool) -> Iterator[URLPattern]:
    """Every address of the site outside the admin, which has a guard of its own."""
    ways: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while ways:
        way = ways.pop(0)
        if isinstance(way, URLPattern):
            if bool(way.pattern.regex.groups) == with_parameters:
                yield way
        elif way.namespace != "admin":
            ways.extend(way.url_patterns)


NAMED = {str(way.name): way for way in addresses(with_parameters=True)}
PLAIN = sorted(f"/{way.pattern}" for way in addresses(with_parameters=False))


def test_every_address_that_names_something_is_told() -> None:
    assert set(NAMED) == set(TOLD)


# -- the cast --------------------------------------------------------------------------------


@pytest.fixture
def cast() -> Cast:
    make = User.objects.create_user
    people = make("owner", "a-long-password", "o@example.org"), make("other", "a-long-password")
    return Cast(*people, User.objects.create_guest())


@pytest.fixture(params=["account", "guest"])
def owner(request: pytest.FixtureRequest, cast: Cast) -> User:
    """Both kinds of people own things."""
    return cast.owner if request.param == "account" else User.objects.create_guest()


def address(name: str, owner: User) -> str:
    """The address with something of the owner's in it, a run where nothing else is told."""
    return reverse(name, args=NAMING.get(name, _run)(owner))


def _run(owner: User) -> list[str]:
    return [stored(short(), owner).pk]


def _renewal(owner: User) -> list[str]:
    uid = urlsafe_base64_encode(force_bytes(owner.pk))
    return [uid, default_token_generator.make_token(owner)]


def _lesson(_: User) -> list[str]:
    lesson, _made = Lesson.objects.get_or_create(slug="a-lesson", mark="1", title="A lesson")
    return [lesson.slug]


def _experiment() -> Experiment:
    """One that any learner may run."""
    said = EXPERIMENTS["zero-between"]
    stored_experiments.write(said, "")
    return Experiment.objects.get(name=said.name)


def _sweep(owner: User) -> Sweep:
    spec = short().document["spec"]
    kept = {"spec": spec, "program": Program.correct().spelling(), "seeds": [1]}
    return Sweep.objects.create(owner=owner, setting="lr", values=[0.1, 0.2], **kept)


def _recalled(owner: User) -> Answer:
    """An answer that was given from memory."""
    lesson = Lesson.objects.create(slug="another-lesson", title="Another lesson")
    write(QuestionFile("colour", "quiz", "loss", 1, COLOUR), lesson.pk, "")
    question = Question.objects.get()
    learn(question, owner)
    Memory.objects.update(due=timezone.now())
    answer = recall_option(question, owner).answer
    assert answer
    return answer


NAMING: dict[str, Callable[[User], list[str]]] = {
    "progress": lambda _: ["0123456789abcdef" * 2],
    "password-renew": _renewal,
    "lesson": _lesson,
    "lesson-answers": _lesson,
    "step": lambda owner: [*_run(owner), "1"],
    "experiment": lambda _: [_experiment().name],
    "sweep": lambda owner: [_sweep(owner).pk],
    "sweep-next": lambda owner: [_sweep(owner).pk],
    "sweep-cancel": lambda owner: [_sweep(owner).pk],
    "data-set": lambda owner: [own_table(owner).pk],
    "recall-answer": lambda owner: [str(_recalled(owner).pk)],
}
"""What stands in an address, by its name."""


def elsewhere(at: str) -> str:
    """The same address with an id that nothing has."""
    kinds = (Run.objects, Sweep.objects, OwnTable.objects, Answer.objects.filter(mode="recall"))
    thing = next(found for rows in kinds if (found := rows.first()))
    return at.replace(str(thing.pk), "2" * 10)


def answers(client: Client, method: str, at: str) -> int:
    return int(getattr(client, method)(at).status_code)


OWNED = sorted(name for name, told in TOLD.items() if told.whose == "owner")
OPEN = sorted(set(TOLD) - set(OWNED))
WITH_A_RUN = (
    "/pipeline/",
    "/pipeline/answers/",
    "/lessons/a-lesson/",
    "/lessons/a-lesson/answers/",
    "/lab/",
    "/lab/experiments/zero-between/",
    "/lab/sweeps/",
    "/runs/compare/",
)
"""Where the query may name a run: `?run=`."""


# -- whose it is -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", OWNED)
def test_what_is_owned_is_its_owner_s(name: str, owner: User, cast: Cast) -> None:
    at, client = address(name, owner), browser(owner)
    for method in TOLD[name].methods:
        assert answers(client, method, at) in (
            OK,
            HTTPStatus.SEE_OTHER,
            TOLD[name].bare.get(method),
        )


@pytest.mark.parametrize("name", OWNED)
def test_what_is_owned_does_not_exist_for_others(name: str, owner: User, cast: Cast) -> None:
    at = address(name, owner)
    missing = elsewhere(at)
    for person in cast.strangers():
        client = browser(person)
        for method in METHODS:
            with nothing_written():
                theirs, nobody_s = answers(client, method, at), answers(client, method, missing)
            expected = GONE if method in TOLD[name].methods else NOT_ALLOWED
            # Nothing tells a run of somebody else from one that was never made.
            assert theirs == nobody_s == expected
        said = [client.get(each).content.replace(each.encode(), b"") for each in (at, missing)]
        assert said[0] == said[1]


@pytest.mark.parametrize("at", WITH_A_RUN)
def test_a_run_in_the_query_is_its_owner_s(at: str, owner: User, cast: Cast) -> None:
    address("lesson", owner)
    address("experiment", owner)
    run, method = stored(short(), owner), "post" if at.endswith("/answers/") else "get"
    assert answers(browser(owner), method, f"{at}?run={run.pk}") == (OK if method == "get" else 400)
    for person in cast.strangers():
        client = browser(person)
        for wanted in (run.pk, "2" * 10, *MALFORMED):
            with nothing_written():
                assert answers(client, method, f"{at}?{urlencode({'run': wanted})}") == GONE


@pytest.mark.parametrize("name", OPEN)
def test_what_is_open_is_open_to_all(name: str, cast: Cast) -> None:
    """A form that is sent without its card is 400, to everybody."""
    at = address(name, cast.owner)
    method = TOLD[name].methods[0]
    for person in cast.strangers():
        client = browser(person)
        with nothing_written():
            assert answers(client, method, at) == (OK if method == "get" else 400)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_missing_or_malformed_is_not_there(name: str, cast: Cast) -> None:
    at = address(name, cast.owner)
    for part, bad in product(resolve(at).kwargs.values(), MALFORMED):
        for person in (cast.owner, None):
            client = browser(person)
            for method in METHODS:
                with nothing_changed():
                    came = answers(client, method, at.replace(str(part), bad))
                assert came in (GONE, NOT_ALLOWED, TOLD[name].missing.get(method))


@pytest.mark.parametrize("name", TOLD)
def test_a_wrong_method_is_refused(name: str, owner: User, cast: Cast) -> None:
    at = address(name, owner)
    for person in (owner, *cast.strangers()):
        client = browser(person)
        for method in set(METHODS) - set(TOLD[name].methods):
            with nothing_written():
                assert answers(client, method, at) == NOT_ALLOWED


# -- looking writes nothing ------------------------------------------------------------------


@pytest.mark.parametrize("at", PLAIN)
def test_looking_writes_nothing(at: str, cast: Cast) -> None:
    """No row of any table, sessions included, and no cookie for a session."""
    run = stored(short(), cast.guest)
    Lesson.objects.create(
        slug="loss", title="Loss"
    )  # without one the site is not ready, and says so
    for person in (None, cast.guest, cast.owner):
        client = browser(person)
        before = fingerprint()
        for method in READS:
            for query in ("", f"?run={run.pk}", "?next=/runs/", "?page=2"):
                with nothing_written():
                    response = getattr(client, method)(at + query)
                assert response.status_code != HTTPStatus.INTERNAL_SERVER_ERROR
                assert "sessionid" not in response.cookies
        assert fingerprint() == before


@pytest.mark.parametrize("at", PLAIN)
def test_a_post_needs_its_token(at: str, cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner)
    for method in ("post", "put", "patch", "delete"):
        with nothing_written():
            assert answers(client, method, at) in (HTTPStatus.FORBIDDEN, NOT_ALLOWED)


# -- the admin -------------------------------------------------------------------------------


def admin_addresses() -> list[str]:
    """Every address of the admin, with something in each of its places."""
    (admin,) = (
        way
        for way in get_resolver().url_patterns
        if isinstance(way, URLResolver) and way.namespace == "admin"
    )
    found, ways = [], [("/admin/", way) for way in admin.url_patterns]
    while ways:
        above, way = ways.pop()
        here = above + _filled(way)
        if isinstance(way, URLPattern):
            found.append(here)
        else:
            ways += [(here, each) for each in way.url_patterns]
    return sorted(set(found) - {"/admin/login/", "/admin/logout/", "/admin/jsi18n/"})


def _filled(way: URLPattern | URLResolver) -> str:
    pattern = str(way.pattern)
    for kind in ("int:pk", "slug:pk", "path:object_id", "int:content_type_id"):
        pattern = pattern.replace(f"<{kind}>", "1")
    if "(?P<" in pattern:
        return "accounts/" if "app_label" in pattern else "nothing"
    return pattern.replace("<id>", "1").replace("<path:object_id>", "1")


@pytest.mark.parametrize("at", admin_addresses())
def test_the_admin_is_closed_to_learners(at: str, cast: Cast) -> None:
    for person in (cast.owner, cast.guest, None):
        client = browser(person)
        for method in METHODS:
            with nothing_written():
                response = getattr(client, method)(at)
            assert response.status_code in (302, GONE)
            if response.status_code == 302:
                assert response["Location"].startswith("/admin/login/")
