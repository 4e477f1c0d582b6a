"""Data sets of learners' own: how one comes in. How one goes is the business of who knows answers.

Rules only; what a file has to be is told in `trainer.engine.csv_file`.
"""

import hashlib
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction

from trainer.engine.table import Table
from trainer.own_tables import OwnTable

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

MOST = 10
"""Data sets of one person. Merging may bring together more; none can be added to them."""


class TooManyTables(Exception):
    """The person has as many as one may have."""


def add(owner: "_User", name: str, table: Table) -> tuple[OwnTable, bool]:
    """Store a table, or find the equal one that is there; and whether it is new.

    Raises `TooManyTables`.
    """
    text = table.text()
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        # Two files at once are counted one after the other.
        get_user_model().objects.select_for_update().get(pk=owner.pk)
        own = OwnTable.objects.of(owner)
        if same := own.filter(sha256=sha256).first():
            return same, False
        if own.count() >= MOST:
            raise TooManyTables
        return OwnTable.objects.create(owner=owner, name=name, text=text, sha256=sha256), True
