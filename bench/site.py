"""The real server on a port of its own, with a data directory that goes away with it.

Knows the commands of the site and the name of its gunicorn settings. Must not import PyTorch:
memory is measured from a process that uses this.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
STARTING = 60
ENDING = 40
RUNNERS = os.cpu_count() or 1


@dataclass(frozen=True)
class Site:
    """A running gunicorn: `master` is the process that was started."""

    master: psutil.Process
    port: int

    @property
    def web(self) -> psutil.Process:
        """The process that answers."""
        return self.master.children()[0]

    @property
    def runners(self) -> list[psutil.Process]:
        """The processes that train: children of the fork server, which is one of the web's."""
        below = [each for child in self.web.children() for each in child.children()]
        return [each for each in below if torch_of(each)]


def torch_of(process: psutil.Process) -> set[str]:
    """The files of PyTorch's library that are mapped into a process, however they came there."""
    return {each.path for each in process.memory_maps() if "libtorch" in each.path}


@contextmanager
def served() -> Iterator[Site]:
    """Make a site, serve it, wait until its runners are warm; end it whatever happens."""
    with tempfile.TemporaryDirectory(prefix="loopwise-bench-") as data:
        port = _free_port()
        environment = _environment(data, port)
        for command in ("migrate", "loadcourse", "collectstatic --no-input"):
            line = [sys.executable, "manage.py", *command.split(), "--verbosity", "0"]
            subprocess.run(line, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        line = [sys.executable, "-m", "gunicorn", "--config", "python:course.serving"]
        started = subprocess.Popen(line, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
        site = Site(psutil.Process(started.pid), port)
        try:
            _wait_until(lambda: _answers(port))
            _wait_until(lambda: len(site.runners) == RUNNERS)
            yield site
        finally:
            _end(started)


def _environment(data: str, port: int) -> dict[str, str]:
    """Without what is set for another site."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("LOOPWISE_")}
    return inherited | {"LOOPWISE_DATA": data, "PORT": str(port)}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=STARTING)
    try:
        connection.request("HEAD", "/pipeline/")
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK
    except ConnectionError:
        return False
    finally:
        connection.close()


def _wait_until(true: Callable[[], bool]) -> None:
    """Raise `TimeoutError` when it is not in time."""
    end = time.monotonic() + STARTING
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("The site did not start.")
        time.sleep(0.1)


def _end(started: subprocess.Popen[bytes]) -> None:
    """Ask it to end, as an operator would; what does not is killed, by its process id."""
    below = psutil.Process(started.pid).children(recursive=True)
    started.terminate()
    try:
        started.wait(ENDING)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()
    _, left = psutil.wait_procs(below, timeout=ENDING)
    for each in left:
        each.kill()
