"""Where the tests look for a browser, and that they never go on without one."""

from pathlib import Path

import pytest

from tests.browser import find_browser
from tests.browser.find_browser import NoBrowserError, find

Tried = list[list[str]]


def program(place: Path, name: str) -> str:
    """Put something that can be run under `name`."""
    path = place / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tried:
    """A machine without a browser, where installers fail. Returns what was tried."""
    commands: Tried = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(find_browser, "_try", commands.append)
    return commands


def test_the_named_one_comes_first(
    tried: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "chromium")
    mine = program(tmp_path, "mine")
    monkeypatch.setenv("CHROMIUM", mine)
    assert find() == mine
    assert tried == []


def test_a_wrong_name_is_an_error_even_where_there_is_another(
    tried: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "chromium")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "missing"))
    with pytest.raises(NoBrowserError, match="is not a program"):
        find()


@pytest.mark.parametrize("name", find_browser.NAMES)
def test_one_on_the_path_is_taken(tried: Tried, tmp_path: Path, name: str) -> None:
    there = program(tmp_path, name)
    assert find() == there
    assert tried == []


def test_root_installs_the_browser_of_the_system(
    tried: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(command: list[str]) -> None:
        tried.append(command)
        program(tmp_path, "chromium")

    program(tmp_path, "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(find_browser, "_try", install)
    assert find() == str(tmp_path / "chromium")
    assert [command[0] for command in tried] == ["apt-get", "apt-get"]


def test_somebody_else_asks_playwright_and_is_told_when_that_fails(
    tried: Tried, tmp_path: Path
) -> None:
    program(tmp_path, "apt-get")
    with pytest.raises(NoBrowserError, match="need Chromium: install it"):
        find()
    assert [command[1:] for command in tried] == [["-m", "playwright", "install", "chromium"]]
