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

FAMILIES = (
    "equality", "recording", "storing", "replaying", "sameness", "overdue", "script", "served",
)  # fmt: skip

PEERS = {"skorch": "skorch_fit", "lightning": "lightning_fit", "ipykernel": "notebook"}
"""Other ways to the same, by the package that each needs. None of them is needed otherwise."""

UNMEASURED = "G6 G7 G8"


def main() -> int:
    """Print all lines; the exit code."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f} before the first measure.")
    codes = {family: _run(family) for family in FAMILIES}
    for package, family in PEERS.items():
        if find_spec(package):
            codes[family] = _run(f"peers.{family}")
        else:
            print(f"{'G3 against ' + package:<90} not measured: it is not installed")
    print(f"{UNMEASURED:<90} not measured: no measure yet")
    broken = [family for family, code in codes.items() if code not in (0, MISSED)]
    for family in broken:
        print(f"bench.{family} did not get to its end.")
    return 1 if broken else max(codes.values())


def _run(family: str) -> int:
    """One thread each, also in libraries that would start one per core."""
    command = [sys.executable, "-m", f"bench.{family}"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
