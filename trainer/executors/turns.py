"""Who is next: the bounded queue in front of the runners.

Light jobs first, in the order in which they came; then the learners that wait take turns,
each with its own jobs in order. Whoever presses Run fifty times waits for itself. Holds no
lock: the pool does.
"""

from collections import deque
from collections.abc import Iterator
from itertools import zip_longest

from trainer.executors.jobs import Job


class Turns:
    """Waiting jobs, fair among learners. A job without a learner is a learner of its own."""

    def __init__(self) -> None:
        self._light: deque[Job] = deque()
        self._learners: dict[str | Job, deque[Job]] = {}

    def __len__(self) -> int:
        return len(self._light) + sum(map(len, self._learners.values()))

    def add(self, job: Job) -> None:
        """A job waits from now on, behind the others of its learner."""
        queue = self._light if job.light else self._learners.setdefault(job.learner or job, deque())
        queue.append(job)

    def take(self) -> Job | None:
        """The job whose turn it is; its learner is then the last in the round."""
        if self._light:
            return self._light.popleft()
        if not self._learners:
            return None
        learner, queue = next(iter(self._learners.items()))
        job = queue.popleft()
        del self._learners[learner]
        if queue:
            self._learners[learner] = queue
        return job

    def discard(self, job: Job) -> bool:
        """Drop a job that will wait no longer. False when it was not waiting."""
        for queue in (self._light, *self._learners.values()):
            if job in queue:
                queue.remove(job)
                self._learners = {name: rest for name, rest in self._learners.items() if rest}
                return True
        return False

    def ahead(self, job: Job) -> int:
        """Jobs that would be taken before this one, as things stand."""
        return next((place for place, each in enumerate(self._order()) if each is job), 0)

    def _order(self) -> Iterator[Job]:
        yield from self._light
        for each_round in zip_longest(*self._learners.values()):
            yield from (job for job in each_round if job)
