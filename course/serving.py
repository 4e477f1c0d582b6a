"""How gunicorn serves the site: `gunicorn --config python:course.serving`.

One web process with threads, because it only reads, writes and draws; training happens in the
runners that it starts. It has no part in the machine's PyTorch and never imports it.
"""

import gc
import os

from gunicorn.workers.base import Worker

from trainer.executors import executor

wsgi_app = "course.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"

workers = 1
worker_class = "gthread"

# More than the forty that may wait for a runner and the few that have one: pages always find one.
threads = 56

# A restart lets requests that are under way finish, runs included.
graceful_timeout = 30

# gunicorn would otherwise put a socket for remote control beside the code.
control_socket_disable = True


def post_worker_init(worker: Worker) -> None:  # noqa: ARG001 (gunicorn's signature)
    """Start the runners once the pages are up; they warm themselves in the background."""
    # What is there by now stays: no collection need look through it again.
    gc.collect()
    gc.freeze()
    executor().start()
