"""Probes of how rows are dealt. They follow from the settings and the data, run or not."""

import math

from trainer.engine.probes.registry import Found, as_probe, spec_of
from trainer.engine.trace import Trace


@as_probe
def train_rows(trace: Trace) -> Found:
    """Training rows."""
    return spec_of(trace).rows


@as_probe
def batch_size(trace: Trace) -> Found:
    """Rows of a full batch."""
    return spec_of(trace).batch_size


@as_probe
def last_batch_rows(trace: Trace) -> Found:
    """Rows of the last batch of an epoch."""
    spec = spec_of(trace)
    return spec.rows - (spec.batches - 1) * spec.batch_size


UNEVEN = (128, 96, 48, 24, 7, 3)


@as_probe
def uneven_batch_size(trace: Trace) -> Found:
    """Another batch size, which does not divide the training rows."""
    rows = spec_of(trace).rows
    return next((size for size in UNEVEN if size < rows and rows % size), None)


@as_probe
def uneven_last_batch(trace: Trace) -> Found:
    """Rows of the last batch with that size."""
    size = uneven_batch_size(trace)
    return spec_of(trace).rows % size if isinstance(size, int) else None


@as_probe
def uneven_batch_shape(trace: Trace) -> Found:
    """Shape of `x` of a full batch of that size, as Python prints it."""
    size = uneven_batch_size(trace)
    return str((size, _features(trace))) if isinstance(size, int) else None


@as_probe
def uneven_labels_shape(trace: Trace) -> Found:
    """Shape of its `y`."""
    size = uneven_batch_size(trace)
    return str((size,)) if isinstance(size, int) else None


@as_probe
def updates_at_double_batch(trace: Trace) -> Found:
    """Steps of the whole run with batches twice as large."""
    spec = spec_of(trace)
    return math.ceil(spec.rows / (2 * spec.batch_size)) * spec.epochs


@as_probe
def full_batch_shape(trace: Trace) -> Found:
    """Shape of `x` of a full batch, as Python prints it."""
    return str((min(spec_of(trace).batch_size, spec_of(trace).rows), _features(trace)))


@as_probe
def full_batch_labels_shape(trace: Trace) -> Found:
    """Shape of `y` of a full batch, as Python prints it."""
    return str((min(spec_of(trace).batch_size, spec_of(trace).rows),))


@as_probe
def first_row_dealt(trace: Trace) -> Found:
    """Number of the row that was dealt first, from 0."""
    return int(trace.tensor("first.rows").flat[0]) if trace.has("first.rows") else None


@as_probe
def class_of_first_row_dealt(trace: Trace) -> Found:
    """Number of the class of that row."""
    return int(trace.tensor("first.y").flat[0]) if trace.has("first.y") else None


@as_probe
def first_batches_in_common(trace: Trace) -> Found:
    """Rows that the first batches of two epochs share, in the mean over all orders."""
    spec = spec_of(trace)
    return min(spec.batch_size, spec.rows) ** 2 / spec.rows


@as_probe
def seed(trace: Trace) -> Found:
    """The seed of the starting weights and of the order of the rows."""
    return spec_of(trace).seed


@as_probe
def train_class_counts(trace: Trace) -> Found:
    """Training rows of each class, in the classes' order."""
    return ", ".join(f"{count:,}" for count in trace.document["data"]["class_counts"])


@as_probe
def train_majority(trace: Trace) -> Found:
    """Share of the commonest class among the training rows."""
    counts: list[int] = trace.document["data"]["class_counts"]
    return max(counts) / sum(counts)


@as_probe
def equal_share(trace: Trace) -> Found:
    """The share that each class would have if all were equally frequent."""
    classes: int = trace.document["data"]["classes"]
    return 1 / classes


@as_probe
def twice_the_classes(trace: Trace) -> Found:
    """Twice as many classes as the data set has."""
    classes: int = trace.document["data"]["classes"]
    return 2 * classes


@as_probe
def highest_of_twice_the_classes(trace: Trace) -> Found:
    """The number of the last of them, counted from 0."""
    classes: int = trace.document["data"]["classes"]
    return 2 * classes - 1


def _features(trace: Trace) -> int:
    features: int = trace.document["data"]["features"]
    return features
