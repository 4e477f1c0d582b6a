"""What every test may use."""

import os

# Playwright's synchronous interface keeps an event loop in the thread of the test, and Django
# would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
