"""Tables of learners as rows of the database. Knows people only as their owners."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from trainer.engine.datasets import DataSet
from trainer.engine.table import OWN, facts_of
from trainer.ids import ID_LENGTH, IS_ID, new_id

if TYPE_CHECKING:
    from django.contrib.auth.models import _User


class OwnTableQuerySet(models.QuerySet["OwnTable"]):
    """Whose tables are whose to see."""

    def of(self, learner: "_User | None") -> "OwnTableQuerySet":
        """The learner's own: nobody sees another's."""
        return self.filter(owner=learner) if learner else self.none()

    def named(self, table_id: str) -> "OwnTableQuerySet":
        """The one of that id. What cannot be an id is not looked for."""
        return self.filter(pk=table_id) if IS_ID.fullmatch(table_id) else self.none()


class OwnTable(models.Model):
    """A data set that a learner brought. With it goes every run and every trace made on it."""

    id = models.CharField(max_length=ID_LENGTH, primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tables")
    name = models.CharField(max_length=60, help_text="What its owner calls it.")
    text = models.TextField(help_text="Its rows, as `trainer.engine.table` spells them.")
    sha256 = models.CharField(max_length=64, help_text="Of the text.")
    created = models.DateTimeField(auto_now_add=True)

    objects = OwnTableQuerySet.as_manager()

    class Meta:
        """Latest first; equal tables of one person are one row."""

        ordering = ("-created", "-id")
        constraints = (models.UniqueConstraint(fields=("owner", "sha256"), name="own_table_once"),)

    def __str__(self) -> str:
        """Return what its owner calls it."""
        return self.name

    @property
    def facts(self) -> DataSet:
        """What the engine knows of it."""
        return facts_of(OWN, self.text)


def field_of(table_id: str) -> str:
    """How a form names a table of one's own among the data sets."""
    return f"{OWN}:{table_id}"
