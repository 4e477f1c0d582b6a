"""All experiments, under the stages that they belong to."""

from dataclasses import dataclass

from course.accounts.models import User
from course.lab.experiments.content import ExperimentFile
from course.lab.experiments.finding import shown
from course.lab.experiments.pairing import latest
from course.lab.experiments.stored import as_file
from course.quiz.faces import MARKS
from course.quiz.misconceptions import BELIEFS
from course.quiz.models import Stage


@dataclass(frozen=True, slots=True)
class Listed:
    """An experiment in the list. run: the learner's latest run of it, or ""."""

    tried: ExperimentFile
    run: str

    @property
    def claim(self) -> str:
        """The belief that it puts to the test."""
        return BELIEFS[self.tried.misconception]


@dataclass(frozen=True, slots=True)
class Group:
    """A stage and its experiments."""

    slug: str
    mark: str
    title: str
    listed: list[Listed]

    @property
    def done(self) -> int:
        """How many of them the learner has run."""
        return sum(bool(each.run) for each in self.listed)


def groups(learner: User | None) -> list[Group]:
    """Stages in the order of the course, without those that have no experiment. Two queries."""
    tried = [as_file(each) for each in shown()]
    ran = latest(learner, tried)
    found = [
        Group(
            slug,
            MARKS[slug],
            str(Stage(slug).label),
            [Listed(each, ran.get(each.name, "")) for each in tried if each.stage == slug],
        )
        for slug in Stage.values
    ]
    return [group for group in found if group.listed]
