"""The runs of a guest become those of an account. The trainer knows no guests; here it is told."""

from typing import Any

from django.dispatch import receiver

from course.accounts.merging import handing_over
from course.accounts.models import User
from trainer import owners


@receiver(handing_over)
def hand_over_runs(guest: User, account: User, **_: Any) -> None:
    """Give the guest's runs to the account. In the caller's transaction."""
    owners.hand_over(guest, account)
