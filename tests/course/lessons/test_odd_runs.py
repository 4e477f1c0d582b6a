"""Every page can show any run that the vocabulary allows: none is an error of the site."""

import pytest

from course.accounts.models import User
from tests.course.lab.experiments.read import EXPERIMENTS
from tests.sizes import size
from tests.staging import browser
from tests.trainer.engine.generated import Draw
from trainer.models import Run

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("loaded"),
    pytest.mark.filterwarnings("ignore::UserWarning"),  # PyTorch's, of shapes that differ
]

LESSONS = (
    "data-loading", "preprocessing", "model-input", "loss", "backpropagation", "training-trace",
    "prediction-trace",
)  # fmt: skip


def visited(alice: User, fields: dict[str, str]) -> dict[str, int]:
    """The answers of the pages of a run, by address."""
    client = browser(alice)
    assert client.post("/runs/", fields).status_code == 303
    run = Run.objects.get(owner=alice)
    own = [f"/runs/{run.pk}/{page}" for page in ("", "trace.json", "script.py")]
    told = [
        f"/{page}/?run={run.pk}&row=3" for page in ("pipeline", *map("lessons/{}".format, LESSONS))
    ]
    return {address: client.get(address).status_code for address in [*own, *told]}


@pytest.mark.parametrize("name", list(EXPERIMENTS)[:: size(6, 1)])
def test_the_run_of_an_experiment_is_shown(name: str, alice: User) -> None:
    asked = EXPERIMENTS[name].asked()
    settings = {key: str(value) for key, value in asked.spec.as_dict().items()}
    answers = visited(alice, settings | {"lines": asked.program.spelling()})
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("seed", range(size(12, 300)))
def test_so_is_that_of_any_program(seed: int, alice: User) -> None:
    settings = {"rows": "60", "batch_size": "25", "epochs": "3", "hidden": "5"}
    answers = visited(alice, settings | {"lines": Draw(seed).program().spelling()})
    assert max(answers.values()) < 500, answers
