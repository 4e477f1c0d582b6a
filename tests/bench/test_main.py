"""How the families' ends become one."""

import pytest

from bench import __main__ as bench
from bench.measure import MISSED


def ending(monkeypatch: pytest.MonkeyPatch, codes: dict[str, int]) -> int:
    monkeypatch.setattr(bench, "_run", lambda family: codes.get(family, 0))
    monkeypatch.setattr(bench, "find_spec", lambda package: package == "skorch" or None)
    return bench.main()


def test_it_ends_well_when_all_families_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ending(monkeypatch, {}) == 0


def test_it_does_not_when_a_goal_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ending(monkeypatch, {"served": MISSED}) == MISSED
    assert ending(monkeypatch, {"skorch_fit": MISSED, "peers.skorch_fit": MISSED}) == MISSED


def test_a_family_that_broke_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(monkeypatch, {"served": MISSED, "storing": -9}) == 1
    assert "bench.storing did not get to its end." in capsys.readouterr().out


def test_peers_that_are_not_installed_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ending(monkeypatch, {})
    lines = [line for line in capsys.readouterr().out.splitlines() if "not installed" in line]
    assert [line.split()[2] for line in lines] == ["lightning", "ipykernel"]
