"""What every test may use."""

import os

from hypothesis import HealthCheck, settings

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
