"""Rows that are evidence: written once, then only read."""

from typing import Any, NoReturn, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class AppendOnlyError(TypeError):
    """A row that is evidence was about to be changed."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Refuses to change rows that are there."""

    def update(self, **kwargs: Any) -> NoReturn:  # noqa: ARG002
        """Refuse. `bulk_update` comes this way too."""
        raise AppendOnlyError(f"{self.model.__name__} rows do not change.")


class AppendOnly(models.Model):
    """A row that is written once."""

    class Meta:
        """Shares behaviour, not a table."""

        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert, or refuse."""
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows do not change.")
        super().save(*args, **kwargs)
