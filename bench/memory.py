"""G12: what a site that has served some runs holds in memory, its own share of it (PSS).

Must not import PyTorch: a library that this process maps too would count half.
"""

from collections.abc import Iterator

import psutil

from bench.measure import Measure
from bench.site import Site, torch_of

MIB = 2**20


def measures(site: Site) -> Iterator[Measure]:
    """The whole site, the web process alone, and whether that knows PyTorch.

    Whole means whole: the fork server keeps the memory that its runners share with it, so a sum
    of web and runners alone would leave out a part of what they need.
    """
    everything = [site.master, *site.master.children(recursive=True)]
    name = f"G12 whole site, {len(site.runners)} runners"
    if strangers := _sharing_torch(site.runners[0], everything):
        why = f"{strangers} other processes share PyTorch's memory"
        yield Measure(name, None, 450, "MiB", note=why)
    else:
        runners = sum(map(_share, site.runners))
        note = f"runners {runners:.0f}, the rest is fork server, web and helpers"
        yield Measure(name, sum(map(_share, everything)), 450, "MiB", note)
    yield Measure("G12 web process", _share(site.web), 70, "MiB")
    yield Measure("G12 web process maps PyTorch", len(torch_of(site.web)), 0, "libraries")


def _share(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / MIB


def _sharing_torch(runner: psutil.Process, own: list[psutil.Process]) -> int:
    """How many processes of others map a runner's very library, which makes ours look less."""
    library, found = torch_of(runner), 0
    for process in psutil.process_iter():
        try:
            found += process not in own and bool(torch_of(process) & library)
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    return found
