"""What every test may use."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.processes import manage
from tests.sizes import size

# Playwright's synchronous interface keeps an event loop in the thread of the test, and Django
# would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Machines are shared and slow at times: how long one example takes says nothing about it.
settings.register_profile(
    "loopwise",
    max_examples=size(50, 2_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("loopwise")


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collected static files, once for all: compressing Plotly's bundle takes seconds."""
    data = tmp_path_factory.mktemp("collected")
    manage(data, "collectstatic", "--no-input", "--verbosity=0")
    return data / "static"
