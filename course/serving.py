"""How gunicorn serves the site: `gunicorn --config python:course.serving`.

One web process with threads, because it only reads, writes and draws; training happens in the
runners that it starts. It has no part in the machine's PyTorch and never imports it.
"""

import gc
import os
import signal

from django.conf import settings
from gunicorn.workers.base import Worker

from trainer.executors import executor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "course.settings")

wsgi_app = "course.wsgi:application"
bind = os.environ.get("LOOPWISE_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")

workers = 1
worker_class = "gthread"

# More than the forty that may wait for a runner and the few that have one: pages always find one.
threads = int(os.environ.get("LOOPWISE_THREADS", "56"))

# One kind of line for all that is said. Settings that are wrong end the server here, in a sentence.
logconfig_dict = settings.LOGGING

# A restart lets requests that are under way finish, runs included.
graceful_timeout = 30

# gunicorn would otherwise put a socket for remote control beside the code.
control_socket_disable = True


def post_worker_init(worker: Worker) -> None:
    """Start the runners once the pages are up; they warm themselves in the background.

    ^C in a terminal reaches this process and gunicorn's first one alike, which then sends another
    signal: the second could break into the ending of the runners, and all hung. The first process
    decides alone, and whichever way it says so, what is under way comes to its end.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, worker.handle_exit)
    # What is there by now stays: no collection need look through it again.
    gc.collect()
    gc.freeze()
    executor().start()
