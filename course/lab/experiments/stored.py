"""Experiments in the database, as their files would have them."""

from course.lab.experiments.content import FIELDS, ExperimentFile
from course.lab.models import Experiment
from course.quiz.stored import ARCHIVED


def as_file(experiment: Experiment) -> ExperimentFile:
    """What the database holds."""
    held = vars(experiment)
    values = {name: held[name] for name in FIELDS}
    return ExperimentFile(**values | {"options": tuple(experiment.options)})


def fingerprint(experiment: Experiment) -> str:
    """Of what the database holds."""
    return ARCHIVED if experiment.archived else as_file(experiment).fingerprint()


def write(said: ExperimentFile, mark: str) -> None:
    """Put an experiment into the database as the file has it."""
    values = said.values() | {"archived": False, "loaded": mark}
    Experiment.objects.update_or_create(name=values.pop("name"), defaults=values)
