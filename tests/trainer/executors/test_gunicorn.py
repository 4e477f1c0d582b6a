"""The pool inside a real gunicorn worker, whose main module is a script."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT, environment
from tests.trainer.executors.jobs import CALM, CORRECT, digest, gone, status, until
from trainer.executors.inprocess import InProcess


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server in a process group of its own, at the socket `site` in tmp_path."""
    command = [
        str(Path(sys.executable).with_name("gunicorn")),
        "--threads=2",
        "--no-control-socket",
    ]
    command += [f"--bind=unix:{tmp_path}/site", "tests.trainer.executors.served"]
    server = subprocess.Popen(
        command,
        env=environment(tmp_path, LOOPWISE_SECRET_KEY="tests-only"),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with server:
        yield server
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)


def get(site: Path) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(30)
        client.connect(str(site))
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    seen: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return seen


def test_a_worker_trains_without_torch_and_leaves_in_silence(
    gunicorn: subprocess.Popen[str], tmp_path: Path
) -> None:
    until((tmp_path / "site").exists)
    until(lambda: len(get(tmp_path / "site")["runners"]) == 2)
    seen = get(tmp_path / "site")
    assert seen["digest"] == digest(InProcess().run(CALM, CORRECT))
    assert not seen["torch"]
    # ^C in a terminal reaches them too, and it is the web process that decides.
    for pid in {*seen["runners"], int(status(seen["runners"][0], "PPid"))}:
        os.kill(pid, signal.SIGINT)
    assert get(tmp_path / "site") == seen
    gunicorn.terminate()
    _, said = gunicorn.communicate(timeout=40)
    until(lambda: all(map(gone, seen["runners"])))
    assert "Traceback" not in said
