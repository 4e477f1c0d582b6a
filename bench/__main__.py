"""`python -m bench`: every family of measures in a process of its own, one after the other.

A family alone is `python -m bench.recording` and so on. Ends with `MISSED` when a goal is
missed, and with 1 when a family did not get to its end.
"""

import os
import subprocess
import sys
from importlib.util import find_spec

from bench.measure import MISSED
from bench.site import ROOT

FAMILIES = ("equality", "recording", "storing", "sameness", "script", "served")

PEERS = {"ipykernel": 0.75, "skorch": 0.5, "lightning": 0.33}
"""What others use for the same, and the share of their time that G3 allows."""

UNMEASURED = ("G6", "G7", "G8", "G9", "G13", "G14")


def main() -> int:
    """Print all lines; the exit code."""
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.2f} before.")
    codes = {family: _run(family) for family in FAMILIES}
    for line in _not_measured():
        print(line)
    for family, code in codes.items():
        if code not in (0, MISSED):
            print(f"bench.{family} did not get to its end: {code}")
    return 1 if set(codes.values()) - {0, MISSED} else max(codes.values())


def _run(family: str) -> int:
    """One thread each, also in libraries that would start one per core."""
    command = [sys.executable, "-m", f"bench.{family}"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
