"""An answer has its verdict: told to whoever follows it up.

This room knows what was answered and not what comes of it. Who wants to know listens to `answered`
in a module named `answering` of an app of its own, which is imported when the site starts.
"""

from django.dispatch import Signal

answered = Signal()
"""Sent with `answer`, once for each, in the transaction that stores it or settles it.

A listener may refuse it with a `RefusedError`: then nothing is stored.
"""
