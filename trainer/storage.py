"""Traces into the database and out of it. Equal keys share one row.

On a table of a learner's own that is so only among the runs on that very row of the database: two
learners may bring the same file, and when one of them deletes it nothing of it may stay.
"""

import hashlib
import json
import logging
from typing import Any

from django.db import transaction

from trainer.engine.trace import Trace
from trainer.models import StoredTrace
from trainer.own_tables import OwnTable

logger = logging.getLogger(__name__)

FAMILY_KEEPS = ("engine", "torch", "cpu")


class Gone(Exception):
    """The table that a run was to be made on is deleted."""


def hold(table: OwnTable | None) -> None:
    """Keep a table from being deleted until the caller's transaction ends. Raises `Gone`.

    SQLite takes no lock and needs none, for it lets one transaction write at a time.
    """
    if table and not OwnTable.objects.select_for_update().filter(pk=table.pk).exists():
        raise Gone


def keep(trace: Trace, table: OwnTable | None = None) -> StoredTrace:
    """Store a trace, or find the row that already holds it. Raises `Gone`."""
    document = trace.document
    with transaction.atomic():
        hold(table)
        stored, made = StoredTrace.objects.defer("document", "tensors").get_or_create(
            key=_row_key(document, table),
            defaults={
                "digest": document["digest"],
                "family": family_of(trace, table),
                "seed": document["spec"]["seed"],
                "table": table,
                "document": trace.text(),
                "tensors": trace.tensors,
            },
        )
    stored.engine_trace = trace  # at hand already: no need to read it back
    if not made and stored.digest != document["digest"] and document["status"] == "finished":
        # Equal specs must give equal traces: a difference is a fault of the engine.
        logger.error("trace %s: digest %s, stored %s", *_shorts(document, stored))
    return stored


def family_of(trace: Trace, table: OwnTable | None = None) -> str:
    """What a run shares with those that differ from it by their seed alone."""
    document = trace.document
    spec = {name: value for name, value in document["spec"].items() if name != "seed"}
    lines = [[line["id"], line["level"]] for line in document["program"]]
    versions = [document["versions"][name] for name in FAMILY_KEEPS]
    return _hash([spec, lines, versions, *([table.pk] if table else [])])


def _row_key(document: dict[str, str], table: OwnTable | None) -> str:
    """A run that was cut short ends anywhere: what it left is no result for its spec."""
    key = document["digest"] if document["status"] == "stopped" else document["key"]
    return _hash([key, table.pk]) if table else key


def _hash(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _shorts(document: dict[str, str], stored: StoredTrace) -> tuple[str, str, str]:
    return document["key"][:12], document["digest"][:12], stored.digest[:12]
