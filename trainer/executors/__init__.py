"""Executors: whoever needs training or replay asks `executor()` for the one of this process.

Which one that is says the setting LOOPWISE_EXECUTOR. The web process has one that trains
in other processes, so nothing imported here may import PyTorch.
"""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from trainer.executors.contract import (
    Busy,
    Cancelled,
    Executor,
    NotReached,
    Overdue,
    Progress,
    RunnerLost,
)

__all__ = [
    "Busy",
    "Cancelled",
    "Executor",
    "NotReached",
    "Overdue",
    "Progress",
    "RunnerLost",
    "executor",
]


@cache
def executor() -> Executor:
    """The executor of this process, made when it is first asked for."""
    made: Executor = import_string(settings.LOOPWISE_EXECUTOR)()
    return made
