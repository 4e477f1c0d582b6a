"""A guest goes into an account that exists.

This room knows who somebody is and not what they have done. Whoever keeps rows of people listens
to `handing_over`, in a module named `merging` of an app of its own, which is imported when the
site starts, and gives those rows to the account. All of it is one transaction.
"""

from django.db import transaction
from django.dispatch import Signal

from course.accounts.models import User

handing_over = Signal()
"""Sent with `guest` and `account`, in the transaction: after it the guest is deleted."""


def merge(guest: User, account: User) -> bool:
    """Give everything of a guest to an account and delete the guest. False if it was done before.

    The two people are locked: whoever would add a row for one of them meanwhile has to wait.
    SQLite takes no such lock and needs none, for it lets one transaction write at a time.
    """
    with transaction.atomic():
        both = User.objects.select_for_update().order_by("pk").in_bulk([guest.pk, account.pk])
        found, into = both.get(guest.pk), both.get(account.pk)
        if found is None or into is None or not found.is_guest or into.is_guest:
            return False
        handing_over.send(sender=User, guest=found, account=into)
        found.delete()
    return True
