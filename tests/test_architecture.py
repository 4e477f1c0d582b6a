"""The doors between the rooms. Each rule is shown to hold, and shown to be able to fail."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import rules
from tests.processes import python
from tests.sources import Module, modules, parse

Rule = Callable[[list[Module]], list[str]]


@pytest.fixture(scope="module")
def house() -> list[Module]:
    """Every module that is served or trains."""
    return modules("course", "trainer")


@pytest.mark.parametrize(
    "rule",
    [
        rules.course_may_use_trainer_but_never_back,
        rules.the_engine_knows_no_web,
        rules.the_web_knows_no_torch,
        rules.only_urls_know_views,
        rules.there_are_no_cycles,
        rules.imports_stand_at_the_top,
        rules.nothing_read_becomes_code,
    ],
)
def test_the_house_keeps_the_rule(rule: Rule, house: list[Module]) -> None:
    assert rule(house) == []


def test_the_rules_see_the_whole_house(house: list[Module]) -> None:
    names = {module.name for module in house}
    assert {"course.urls", "trainer.engine.execute", "course.accounts.models"} <= names
    assert set(rules.PLAIN) <= names
    assert set(rules.WEB_IN_SPITE_OF_IT) <= names
    assert set(rules.MAY_CALL.values()) | set(rules.MAY_IMPORT_LATE) <= names
    assert {name for late in rules.MAY_IMPORT_LATE.values() for name in late} <= names


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("trainer.runs", "import course"),
        ("trainer.runs", "from course.accounts.models import User"),
        ("trainer.runs", "def f():\n    from course import urls"),
        ("trainer.runs", "if TYPE_CHECKING:\n    from course.accounts.models import User"),
    ],
)
def test_a_trainer_that_knows_the_course_is_found(name: str, source: str) -> None:
    assert rules.course_may_use_trainer_but_never_back([parse(name, source)])


def test_a_course_that_knows_the_trainer_is_fine() -> None:
    module = parse("course.lessons.pages", "from trainer.engine.spec import RunSpec")
    assert rules.course_may_use_trainer_but_never_back([module]) == []


@pytest.mark.parametrize(
    "source",
    [
        "import django.conf",
        "from django.db import models",
        "from trainer.models import Run",
        "from trainer import runs",
        "from .. import models",
    ],
)
def test_an_engine_that_knows_the_web_is_found(source: str) -> None:
    assert rules.the_engine_knows_no_web([parse("trainer.engine.spec", source)])


@pytest.mark.parametrize(
    "source",
    ["from trainer.engine import spec", "from .spec import RunSpec", "import djangoish"],
)
def test_an_engine_that_knows_itself_is_fine(source: str) -> None:
    assert rules.the_engine_knows_no_web([parse("trainer.engine.trace", source)]) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("trainer.figures", "import torch"),
        ("trainer.figures", "def f():\n    from torch import nn"),
        ("course.lessons.pages", "import torch.nn.functional as F"),
        ("trainer.executors.pool", "import torch"),
        ("trainer.engine.trace", "import numpy as np"),
        ("trainer.engine.probes", "from torch import Tensor"),
    ],
)
def test_torch_in_the_web_is_found(name: str, source: str) -> None:
    assert rules.the_web_knows_no_torch([parse(name, source)])


def test_torch_in_the_web_is_found_behind_other_modules() -> None:
    chain = [
        parse("trainer.views", "from trainer import runs"),
        parse("trainer.runs", "from trainer.engine.execute import run"),
        parse("trainer.engine.execute", "import torch"),
    ]
    expected = "trainer.views reaches torch by trainer.runs > trainer.engine.execute > torch"
    assert expected in rules.the_web_knows_no_torch(chain)


def test_torch_in_the_web_is_found_in_a_package_that_an_import_runs_first() -> None:
    chain = [
        parse("trainer.engine", "from trainer.engine import execute", package=True),
        parse("trainer.engine.execute", "import torch"),
        parse("trainer.engine.spec", "import json"),
    ]
    assert rules.the_web_knows_no_torch(chain)


def test_torch_where_training_happens_is_fine() -> None:
    names = ("trainer.engine.execute", "trainer.executors.runner", "trainer.management.commands.x")
    assert rules.the_web_knows_no_torch([parse(name, "import torch") for name in names]) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("course.lessons.pages", "from course.lessons import views"),
        ("course.lessons.pages", "from course.lessons.views import page"),
        ("course.quiz.management.commands.x", "import trainer.views"),
        ("course.lessons.views", "from course.quiz.views import answer"),
        ("course.lessons.pages", "from . import views"),
    ],
)
def test_a_view_used_outside_urls_is_found(name: str, source: str) -> None:
    assert rules.only_urls_know_views([parse(name, source)])


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("course.lessons.urls", "from course.lessons import views"),
        ("course.quiz.views.answer", "from course.quiz.views.guards import own"),
        ("course.lessons.pages", "from django.views.decorators.http import require_GET"),
    ],
)
def test_views_where_they_belong_are_fine(name: str, source: str) -> None:
    assert rules.only_urls_know_views([parse(name, source)]) == []


@pytest.mark.parametrize(
    "sources",
    [
        {"course.a": "import course.b", "course.b": "import course.a"},
        {"course.a": "from course import b", "course.b": "from .a import x"},
        {"course.a": "import course.b", "course.b": "def f():\n    import course.a"},
        {"course.a": "import course.b", "course.b": "if TYPE_CHECKING:\n    import course.a"},
        {
            "course.a": "import course.b",
            "course.b": "import course.c",
            "course.c": "import course.a",
        },
    ],
)
def test_a_cycle_is_found(sources: dict[str, str]) -> None:
    assert rules.there_are_no_cycles([parse(*item) for item in sources.items()])


def test_a_package_that_gathers_its_modules_is_fine() -> None:
    gathered = [
        parse("course.quiz.kinds", "from course.quiz.kinds.number import Number", package=True),
        parse("course.quiz.kinds.number", "from course.quiz.kinds import base"),
        parse("course.quiz.kinds.base", "import abc"),
    ]
    assert rules.there_are_no_cycles(gathered) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    import json",
        "class A:\n    def f(self):\n        from course import urls",
        "async def f():\n    import json",
        "def f():\n    if True:\n        import torch",
    ],
)
def test_a_hidden_import_is_found(source: str) -> None:
    assert rules.imports_stand_at_the_top([parse("course.lessons.pages", source)])


def test_a_runner_may_import_late_what_trains_and_nothing_else() -> None:
    runner = "def f():\n    from trainer.executors import {}"
    for name, late in rules.MAY_IMPORT_LATE.items():
        for target in late:
            source = runner.format(target.rpartition(".")[2])
            assert rules.imports_stand_at_the_top([parse(name, source)]) == []
        assert rules.imports_stand_at_the_top([parse(name, runner.format("pool"))])


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "exec(text)",
        "compile(text, 'f', 'exec')",
        "__import__(name)",
        "import builtins\nbuiltins.exec(text)",
        "import pickle",
        "from pickle import loads",
        "import torch\ntorch.load(file)",
        "import importlib\nimportlib.import_module(name)",
        "getattr(model, name)",
        "setattr(model, name, 1)",
        "getattr(model, request.POST['name'])()",
    ],
)
def test_a_way_from_data_to_code_is_found(source: str) -> None:
    assert rules.nothing_read_becomes_code([parse("trainer.engine.program", source)])


@pytest.mark.parametrize(
    "source",
    ["getattr(response, 'url', None)", "re.compile(text)", "safetensors.torch.load(data)"],
)
def test_ordinary_calls_are_fine(source: str) -> None:
    assert rules.nothing_read_becomes_code([parse("trainer.engine.program", source)]) == []


def test_only_the_engine_compiles_and_executes() -> None:
    for call, allowed in rules.MAY_CALL.items():
        source = f"{call}(text)"
        assert rules.nothing_read_becomes_code([parse(allowed, source)]) == []
        assert rules.nothing_read_becomes_code([parse("trainer.engine.replay", source)])


def test_the_web_process_starts_without_torch_and_numpy(tmp_path: Path) -> None:
    code = """
import json, sys
import course.wsgi
from django.urls import get_resolver
resolver = get_resolver()
assert resolver.url_patterns and resolver.reverse_dict is not None
print(json.dumps(sorted({"torch", "numpy", "plotly"} & set(sys.modules))))
"""
    done = python(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
