"""When the atlas is made, and when it is not."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from course.lab.atlas import charting
from course.lab.atlas.charting import Unsettled, ensure_atlas
from course.lab.atlas.outcomes import ADDING
from course.lab.models import Atlas
from tests.staging import cut_short, text, trained
from trainer.engine.vocabulary import CORE
from trainer.executors import executor

pytestmark = pytest.mark.django_db


def test_a_run_that_was_cut_short_is_no_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor(), "run", lambda *_, **__: cut_short())
    with pytest.raises(Unsettled):
        ensure_atlas()
    assert not Atlas.objects.exists()


def test_loading_the_course_makes_it_and_checking_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(charting, "arrangements", lambda: iter([",".join(CORE), ADDING]))
    monkeypatch.setattr(executor(), "run", lambda spec, program, **_: trained(spec, program))
    call_command("loadcourse", "--check", stdout=StringIO())
    assert not Atlas.objects.exists()
    said = StringIO()
    call_command("loadcourse", stdout=said)
    assert "2 loops of the atlas run." in said.getvalue()
    assert Atlas.objects.count() == 1


def test_before_the_course_is_loaded_the_page_says_so(client: Client) -> None:
    assert "not charted yet" in text(client.get("/lab/atlas/").content)


def test_a_loop_that_is_cut_short_does_not_keep_the_course_from_being_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(charting, "_run", _unsettled)
    monkeypatch.setattr(executor(), "run", lambda spec, program, **_: trained(spec, program))
    said = StringIO()
    call_command("loadcourse", stdout=said)
    assert "The atlas was not made" in said.getvalue()
    assert not Atlas.objects.exists()


def _unsettled(lines: str) -> None:
    raise Unsettled(lines)
