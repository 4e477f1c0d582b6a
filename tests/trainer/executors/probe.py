"""What a process sees of itself: called in a process forked from the runners' fork server."""

import json
import os
import sys
from multiprocessing.connection import Connection


def look(pipe: Connection) -> None:
    """Report, before this process imports anything of its own accord."""
    settings = sys.modules.get("django.conf")
    seen = {
        "server": os.getppid(),
        "engine": "trainer.engine.execute" in sys.modules,
        "first optimizer paid": "torch._dynamo" in sys.modules,
        "django set up": bool(settings and settings.settings.configured),
        "django apps": "django.apps" in sys.modules and sys.modules["django.apps"].apps.ready,
    }
    pipe.send_bytes(json.dumps(seen).encode())
