#!/usr/bin/env python
"""Entry to the management commands.

Commands train in their own process: there is no web process to keep free of PyTorch.
"""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course.settings")
    os.environ.setdefault("LOOPWISE_LOGS", "text")
    os.environ.setdefault("LOOPWISE_EXECUTOR", "trainer.executors.inprocess.InProcess")
    execute_from_command_line(sys.argv)
