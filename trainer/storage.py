"""Traces into the database and out of it. Equal keys share one row."""

import hashlib
import json
import logging

from trainer.engine.trace import Trace
from trainer.models import StoredTrace

logger = logging.getLogger(__name__)

FAMILY_KEEPS = ("engine", "torch", "cpu")


def keep(trace: Trace) -> StoredTrace:
    """Store a trace, or find the row that already holds it."""
    document = trace.document
    stored, made = StoredTrace.objects.defer("document", "tensors").get_or_create(
        key=_row_key(document),
        defaults={
            "digest": document["digest"],
            "family": family_of(trace),
            "seed": document["spec"]["seed"],
            "document": trace.text(),
            "tensors": trace.tensors,
        },
    )
    stored.engine_trace = trace  # at hand already: no need to read it back
    if not made and stored.digest != document["digest"] and document["status"] == "finished":
        # Equal specs must give equal traces: a difference is a fault of the engine.
        logger.error("trace %s: digest %s, stored %s", *_shorts(document, stored))
    return stored


def family_of(trace: Trace) -> str:
    """What a run shares with those that differ from it by their seed alone."""
    document = trace.document
    spec = {name: value for name, value in document["spec"].items() if name != "seed"}
    lines = [[line["id"], line["level"]] for line in document["program"]]
    versions = [document["versions"][name] for name in FAMILY_KEEPS]
    text = json.dumps([spec, lines, versions], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _row_key(document: dict[str, str]) -> str:
    """A run that was cut short ends anywhere: what it left is no result for its spec."""
    return document["digest"] if document["status"] == "stopped" else document["key"]


def _shorts(document: dict[str, str], stored: StoredTrace) -> tuple[str, str, str]:
    return document["key"][:12], document["digest"][:12], stored.digest[:12]
