"""What the settings promise, each in a process of its own where the environment matters."""

import base64
import hashlib
import re
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from course import secret_key
from course.static_finders import bundle
from tests.processes import python

UNSAFE = ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "*", "http:", "https:")


def sha256(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/login/", "/nothing/here/"])
def test_every_page_carries_the_strict_policy(client: Client, address: str) -> None:
    header = client.get(address)["Content-Security-Policy"]
    policy = {words[0]: words[1:] for words in map(str.split, header.split(";"))}
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert not set(policy) & {"script-src", "script-src-elem", "connect-src"}
    assert not [word for words in policy.values() for word in words if word.strip("'") in UNSAFE]


def test_the_policy_knows_the_style_elements_of_the_plotly_bundle() -> None:
    source = bundle().read_text(encoding="utf-8")
    maps = re.search(r"\.textContent='(\.maplibregl-map[^'\\]*)'", source)
    assert maps is not None
    assert sorted(settings.PLOTLY_STYLE_HASHES) == sorted([sha256(""), sha256(maps[1])])


def test_a_site_behind_https_passes_the_deployment_checks(tmp_path: Path) -> None:
    code = (
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])"
    )
    done = python(code, tmp_path, LOOPWISE_HTTPS="1", LOOPWISE_HOSTS="course.example.org")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.django_db
def test_plain_http_works_on_this_machine(client: Client) -> None:
    response = client.get("/admin/login/")
    assert response.status_code == 200
    assert not response.cookies["csrftoken"]["secure"]
    assert "Strict-Transport-Security" not in response


def test_debug_is_off_unless_asked_for(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.DEBUG)"
    assert python(code, tmp_path).stdout == "False\n"
    assert python(code, tmp_path, LOOPWISE_DEBUG="1").stdout == "True\n"


def test_a_site_trains_in_the_pool_and_a_command_in_its_own_process(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.LOOPWISE_EXECUTOR)"
    assert python(code, tmp_path).stdout == "trainer.executors.pool.RunnerPool\n"
    assert settings.LOOPWISE_EXECUTOR == "trainer.executors.inprocess.InProcess"


def test_a_failure_leaves_one_traceback_in_the_log(tmp_path: Path) -> None:
    code = """
import django, logging
django.setup()
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("django.request").exception("Internal Server Error: /runs/")
"""
    done = python(code, tmp_path, LOOPWISE_LOGS="text")
    assert "[ERROR] django.request: Internal Server Error: /runs/" in done.stderr
    assert done.stderr.count("ZeroDivisionError: division by zero") == 1


@pytest.mark.parametrize(
    ("given", "form"),
    [({}, "json"), ({"LOOPWISE_DEBUG": "1"}, "text"), ({"LOOPWISE_LOGS": "text"}, "text")],
)
def test_logs_are_for_machines_except_while_developing(
    tmp_path: Path, given: dict[str, str], form: str
) -> None:
    code = "from django.conf import settings; print(settings.LOGGING['handlers']['stderr'])"
    assert f"'formatter': '{form}'" in python(code, tmp_path, **given).stdout


def test_the_machine_itself_may_ask_besides_the_hosts_that_are_named(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    here = ["localhost", "127.0.0.1", "[::1]"]
    assert python(code, tmp_path).stdout == f"{here}\n"
    named = python(code, tmp_path, LOOPWISE_HOSTS="a.example,b.example").stdout
    assert named == f"{[*here, 'a.example', 'b.example']}\n"


def test_the_signing_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    first = python(code, tmp_path).stdout
    assert len(first) > 50
    assert python(code, tmp_path).stdout == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert python(code, tmp_path, LOOPWISE_SECRET_KEY="given").stdout == "given\n"


def test_processes_that_start_together_agree_on_the_signing_key(tmp_path: Path) -> None:
    for turn in range(20):
        place = tmp_path / str(turn)
        place.mkdir()
        with ThreadPool(8) as pool:
            keys = pool.map(secret_key.read_or_make, [place] * 8)
        assert len(set(keys)) == 1
        assert [file.name for file in place.iterdir()] == ["secret_key"]
