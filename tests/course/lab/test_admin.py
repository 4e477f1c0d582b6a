"""Experiments in the admin site: edited with the check of the files."""

import json
from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from course.accounts.models import User
from course.lab.experiments.content import FIELDS
from course.lab.models import Experiment
from tests.staging import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture
def instructor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ines", "a-long-password"))
    return client


def save(client: Client, which: str, **changes: object) -> HttpResponse:
    experiment = Experiment.objects.get(name=which)
    held = {each: getattr(experiment, each) for each in FIELDS if each != "name"} | changes
    fields: dict[str, Any] = {
        each: json.dumps(value) if isinstance(value, dict | list) else value
        for each, value in held.items()
        if value is not None
    }
    address = reverse("admin:lab_experiment_change", args=[experiment.pk])
    return cast("HttpResponse", client.post(address, fields))


def test_saving_unchanged_is_no_edit(instructor: Client) -> None:
    before = Experiment.objects.values().get(name="rate-too-high")
    assert save(instructor, "rate-too-high").status_code == 302
    assert Experiment.objects.values().get(name="rate-too-high") == before


def test_an_edit_is_saved_and_told_in_the_list(instructor: Client) -> None:
    response = save(instructor, "rate-too-high", truth="It is too long.\r\nA step, that is.")
    assert response.status_code == 302
    assert Experiment.objects.get(name="rate-too-high").truth == "It is too long.\nA step, that is."
    seen = text(instructor.get(reverse("admin:lab_experiment_changelist")).content)
    assert seen.count("edited here") == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"misconception": "moon"}, "moon"),
        ({"comparison": "no_such_thing"}, "does not exist"),
        ({"lines": "forward, backwards"}, "not in the vocabulary"),
        ({"spec": {"lr": -1}}, "spec: lr: Must be above 0."),
        ({"spec": ["lr"]}, "Settings by name"),
        ({"spec": {"lr": [1]}}, "Settings by name"),
        ({"options": {"a": "b"}}, "a list of texts"),
        ({"options": [1, 2]}, "a list of texts"),
        ({"options": ["One."]}, "options: 2 to 4"),
        ({"answer": 7}, "answer: the number of an option"),
        ({"at_least": ""}, "at_least, at_most: one or both"),
        ({"truth": "{probe no_such_thing}"}, "no_such_thing"),
        ({"spec": {}, "spec_without": {}}, "both runs are the same"),
        ({"shows_in": 0}, "shows_in: 1 to 20"),
    ],
)
def test_what_could_not_be_shown_is_refused(
    instructor: Client, changes: dict[str, Any], said: str
) -> None:
    before = Experiment.objects.values().get(name="rate-too-high")
    response = save(instructor, "rate-too-high", **changes)
    assert response.status_code == 200
    assert said in text(response.content)
    assert Experiment.objects.values().get(name="rate-too-high") == before


def test_the_address_cannot_be_edited(instructor: Client) -> None:
    assert save(instructor, "rate-too-high", name="other").status_code == 302
    assert not Experiment.objects.filter(name="other").exists()
