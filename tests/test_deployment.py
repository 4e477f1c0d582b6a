"""Files for operators: they name what is there, and all that is there.

No container engine is needed, and none of this proves that an image can be built. What the image
copies is put together and served, though.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.processes import environment
from tests.sources import ROOT

READ = re.compile(r"environ\.get\(\s*[\"'](\w+)[\"']")
SET = re.compile(r"^#?([A-Z][A-Z_]+)=", re.MULTILINE)
COMMENTED = re.compile(r"^(#.*)?$|^#[A-Z_]+=")
# Read by others: gunicorn, PostgreSQL's image, pip.
OF_OTHERS = {
    "FORWARDED_ALLOW_IPS",
    "POSTGRES_PASSWORD",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
}


def text(name: str) -> str:
    """A file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def read_by_the_site() -> set[str]:
    """Every variable of the environment that settings and server ask for."""
    found = {
        name
        for place in ("settings", "serving")
        for name in READ.findall(text(f"course/{place}.py"))
    }
    assert {"DATABASE_URL", "LOOPWISE_DATA", "LOOPWISE_BIND"} <= found
    return found


def instructions(name: str) -> list[tuple[str, str]]:
    """What a Dockerfile says, line by line: the word it begins with, and the rest."""
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text(name), flags=re.MULTILINE))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines.splitlines() if line]


def copied() -> list[str]:
    """What the image is made from."""
    found = [rest.split()[:-1] for word, rest in instructions("Dockerfile") if word == "COPY"]
    return [name for names in found for name in names]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file."""
    read: dict[str, Any] = yaml.safe_load(text("compose.yaml"))
    return read


# -- variables -----------------------------------------------------------------------------


def test_the_example_lists_every_variable_and_sets_none() -> None:
    example = text(".env.example")
    assert set(SET.findall(example)) == read_by_the_site() | OF_OTHERS
    assert [line for line in example.splitlines() if not COMMENTED.match(line)] == []


def test_readme_lists_every_variable_of_the_site() -> None:
    table = text("README.md").split("## Settings", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\| ((?:`\w+` ?)+)\|", table, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"\w+", cell)} == read_by_the_site()


def test_the_operators_page_names_variables_and_files_that_are_there() -> None:
    page = text("docs/operating.md")
    known = read_by_the_site() | OF_OTHERS
    assert set(re.findall(r"\bLOOPWISE_[A-Z_]+|\bDATABASE_URL\b", page)) <= known
    for name in re.findall(r"\]\(\.\./([^)#]+)\)", page):
        assert (ROOT / name).exists(), name
    for command in re.findall(r"manage\.py (\w+)", page):
        assert command in MANAGE, command


MANAGE = {
    "check",
    "collectstatic",
    "createsuperuser",
    "dumpcourse",
    "ensureinstructor",
    "loadcourse",
    "migrate",
}


# -- the image -------------------------------------------------------------------------------


def test_the_image_copies_what_is_there_and_its_builder_gets_it() -> None:
    sent = set(re.findall(r"^!(.+)$", text(".dockerignore"), re.MULTILINE))
    assert set(copied()) == sent
    assert [name for name in copied() if not (ROOT / name).exists()] == []


def test_the_image_sets_known_variables_and_runs_as_nobody_special() -> None:
    said = instructions("Dockerfile")
    names = {name for word, rest in said if word == "ENV" for name in re.findall(r"(\w+)=", rest)}
    python = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    assert names - python <= read_by_the_site()
    assert {rest.partition("=")[0] for word, rest in said if word == "ARG"} <= OF_OTHERS
    words = [word for word, _ in said]
    assert ("USER", "loopwise") in said
    assert words.index("USER") > max(at for at, word in enumerate(words) if word in ("RUN", "COPY"))
    assert {"HEALTHCHECK", "VOLUME", "CMD"} <= set(words)
    assert "http" not in re.sub(r"http://127\.0\.0\.1:\d+", "", text("Dockerfile"))


def test_what_the_image_copies_is_enough_to_serve(tmp_path: Path) -> None:
    for name in copied():
        place = ROOT / name
        shutil.copytree(place, tmp_path / name) if place.is_dir() else shutil.copy(place, tmp_path)
    env = environment(tmp_path / "data", LOOPWISE_STATIC=str(tmp_path / "static"))
    for command in (
        ["manage.py", "check", "--fail-level=WARNING"],
        ["manage.py", "collectstatic", "--no-input", "--dry-run", "--verbosity=0"],
        ["manage.py", "migrate", "--verbosity=0"],
        ["manage.py", "loadcourse", "--check"],
        ["-m", "gunicorn", "--config=python:course.serving", "--check-config"],
    ):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)


# -- compose -----------------------------------------------------------------------------------


def test_compose_hands_on_variables_that_the_site_and_the_image_know(
    compose: dict[str, Any],
) -> None:
    web = compose["services"]["web"]
    assert set(web["environment"]) <= read_by_the_site() | OF_OTHERS
    args = {rest.partition("=")[0] for word, rest in instructions("Dockerfile") if word == "ARG"}
    assert set(web["build"]["args"]) == args
    asked = set(re.findall(r"\$\{(\w+)", text("compose.yaml")))
    assert asked <= set(SET.findall(text(".env.example")))


def test_compose_keeps_data_in_volumes_and_listens_on_this_machine_alone(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    kept = {each.partition(":")[0] for one in services.values() for each in one["volumes"]}
    assert kept == set(compose["volumes"])
    (volume,) = [rest for word, rest in instructions("Dockerfile") if word == "VOLUME"]
    assert f"data:{volume}" in services["web"]["volumes"]
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])
    assert "ports" not in services["db"]
    assert services["web"]["depends_on"] == {"db": {"condition": "service_healthy"}}
