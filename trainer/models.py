"""Runs and what they leave behind. Knows people only as the owners of runs."""

from datetime import timedelta
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from trainer.engine import ENGINE_VERSION
from trainer.engine.program import Program
from trainer.engine.spec import RunSpec, in_order
from trainer.engine.trace import Trace
from trainer.ids import ID_LENGTH, IS_ID, new_id
from trainer.own_tables import OwnTable, field_of

if TYPE_CHECKING:
    from django.contrib.auth.models import _User

BADGE_LENGTH = 4

ABANDONED = timedelta(seconds=60)
"""A run pending for longer than any deadline allows: the process that made it is gone."""


class StoredTrace(models.Model):
    """A trace as the engine made it, once for all runs that ended in it.

    On a learner's own table it is that table's alone, and goes with it.
    """

    key = models.CharField(
        max_length=64, unique=True, help_text="Spec, program and engine, and whose own table."
    )
    digest = models.CharField(max_length=64, help_text="Of every number and tensor.")
    family = models.CharField(
        max_length=64, db_index=True, help_text="The key without the seed: who differs by it alone."
    )
    seed = models.PositiveIntegerField()
    table = models.ForeignKey(
        OwnTable, models.CASCADE, null=True, blank=True, related_name="traces"
    )
    document = models.TextField(help_text="Strict JSON.")
    tensors = models.BinaryField(help_text="Safetensors.")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Return the start of its digest."""
        return self.digest[:12]

    @cached_property
    def engine_trace(self) -> Trace:
        """The trace as the engine knows it."""
        return Trace.read(self.document, bytes(self.tensors))

    @cached_property
    def numbers(self) -> Trace:
        """The trace without its tensors, for those who compare many."""
        return Trace.read(self.document)

    @property
    def is_current(self) -> bool:
        """Whether this engine would make it again, with the PyTorch that it has now."""
        made_by: dict[str, Any] = self.numbers.document["versions"]
        return (made_by["engine"], made_by["torch"]) == (ENGINE_VERSION, version("torch"))


class RunQuerySet(models.QuerySet["Run"]):
    """Whose runs are whose to see."""

    def visible_to(self, learner: "_User | None") -> "RunQuerySet":
        """The learner's own and the course's; nobody else's."""
        whose = Q(owner__isnull=True, name__gt="")
        return self.filter(whose | Q(owner=learner) if learner else whose)

    def of(self, learner: "_User | None") -> "RunQuerySet":
        """The learner's own."""
        return self.filter(owner=learner) if learner else self.none()

    def alone(self) -> "RunQuerySet":
        """Those that were asked for one by one: no points of sweeps."""
        return self.filter(sweep=None)

    def listed(self) -> "RunQuerySet":
        """Those, and the first point of each sweep, which stands for all of them."""
        return self.filter(Q(sweep=None) | Q(place=0))

    def named(self, run_id: str) -> "RunQuerySet":
        """The one of that id. What cannot be an id is not looked for: databases may choke on it."""
        return self.filter(pk=run_id) if IS_ID.fullmatch(run_id) else self.none()


class Sweep(models.Model):
    """One setting under several values, each value under several seeds: a grid of runs.

    Each of them is its `points`, which are made one after the other.
    """

    class Status(models.TextChoices):
        """How it stands: it goes on while somebody asks for its next point."""

        RUNNING = "running", "Under way"
        FINISHED = "finished", "Finished"
        CANCELLED = "cancelled", "Cancelled"

    id = models.CharField(max_length=ID_LENGTH, primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sweeps")
    nonce = models.CharField(max_length=40, blank=True, help_text="Makes a repeated POST the same.")
    status = models.CharField(max_length=12, choices=Status, default=Status.RUNNING)
    spec = models.JSONField(help_text="The settings that it starts from.")
    table = models.ForeignKey(
        OwnTable, models.CASCADE, null=True, blank=True, related_name="sweeps"
    )
    program = models.TextField(help_text="Line ids with their levels.")
    setting = models.CharField(max_length=20, help_text="The name of what changes.")
    values = models.JSONField(help_text="What it becomes, in order.")
    seeds = models.JSONField(help_text="The seeds under which each value is run.")
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        """Latest first; one row per nonce."""

        ordering = ("-created", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "nonce"), condition=~Q(nonce=""), name="sweep_nonce_once"
            ),
        )

    def __str__(self) -> str:
        """Return what its badge says."""
        return f"sweep {self.badge}"

    def get_absolute_url(self) -> str:
        """The page of the sweep, which is the course's."""
        return f"/lab/sweeps/{self.id}/"

    @property
    def badge(self) -> str:
        """The id as a page shows it."""
        return self.id[:BADGE_LENGTH]

    @property
    def size(self) -> int:
        """How many points it has."""
        return len(self.values) * len(self.seeds)

    def point(self, place: int) -> RunSpec:
        """The settings of a point, from 0: every value under the first seed, then the next."""
        seed, value = divmod(place, len(self.values))
        changed = {"seed": self.seeds[seed], self.setting: self.values[value]}
        return RunSpec(**self.spec | changed, table=self.table.text if self.table else "")


class Run(models.Model):
    """One run as somebody asked for it. Without an owner it is one of the course's."""

    class Status(models.TextChoices):
        """How it stands. `refused` never started; `interrupted` lost its process."""

        PENDING = "pending", "Pending"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        STOPPED = "stopped", "Stopped"
        INTERRUPTED = "interrupted", "Interrupted"
        REFUSED = "refused", "Refused"

    id = models.CharField(max_length=ID_LENGTH, primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="runs"
    )
    name = models.SlugField(
        max_length=40, blank=True, help_text="What the course calls it; a learner's run has none."
    )
    sweep = models.ForeignKey(
        Sweep, models.CASCADE, null=True, blank=True, related_name="points", help_text="It is of."
    )
    place = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which point of its sweep, from 0."
    )
    nonce = models.CharField(max_length=40, blank=True, help_text="Makes a repeated POST the same.")
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    spec = models.JSONField(help_text="Settings; of a refused run what was sent.")
    table = models.ForeignKey(OwnTable, models.CASCADE, null=True, blank=True, related_name="runs")
    program = models.TextField(blank=True, help_text="Line ids with their levels.")
    # RESTRICT, not PROTECT: a trace cannot go while a run stands on it, but a table that is
    # deleted takes both along.
    trace = models.ForeignKey(
        StoredTrace, models.RESTRICT, null=True, blank=True, related_name="runs"
    )
    reasons = models.JSONField(
        default=dict, blank=True, help_text="Why it was refused, by field, or interrupted."
    )
    created = models.DateTimeField(auto_now_add=True, db_index=True)
    duration_ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="From asking the executor to its answer."
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        """Latest first; one row per nonce, point and course name.

        Under way are at most one run of a learner and one point of a sweep.
        """

        ordering = ("-created", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "nonce"), condition=~Q(nonce=""), name="run_nonce_once"
            ),
            models.UniqueConstraint(
                fields=("owner",),
                condition=Q(status="pending", sweep=None),
                name="run_one_pending",
            ),
            models.UniqueConstraint(
                fields=("owner",),
                condition=Q(status="pending", sweep__isnull=False),
                name="run_one_point_pending",
            ),
            models.UniqueConstraint(fields=("sweep", "place"), name="run_point_once"),
            models.CheckConstraint(
                condition=Q(sweep=None, place=None) | Q(sweep__isnull=False, place__isnull=False),
                name="run_point_has_its_place",
            ),
            models.UniqueConstraint(
                fields=("name",), condition=~Q(name=""), name="run_course_name_once"
            ),
            models.CheckConstraint(
                condition=Q(trace__isnull=False)
                | Q(status__in=("pending", "stopped", "interrupted", "refused")),
                name="run_has_its_trace",
            ),
        )

    def __str__(self) -> str:
        """Return what its badge says."""
        return f"run {self.badge}"

    def get_absolute_url(self) -> str:
        """The run page."""
        return reverse("run", args=[self.id])

    @property
    def badge(self) -> str:
        """The id as a page shows it."""
        return self.id[:BADGE_LENGTH]

    @property
    def state(self) -> str:
        """The status, and `interrupted` where a pending run can no longer come back."""
        gone = self.status == self.Status.PENDING and self.created < timezone.now() - ABANDONED
        return str(self.Status.INTERRUPTED if gone else self.status)

    @property
    def is_whole(self) -> bool:
        """Whether it went through to its end."""
        return self.status == self.Status.FINISHED

    @property
    def settings(self) -> dict[str, Any]:
        """What was asked for, in the order in which settings are told everywhere."""
        return in_order(self.form())

    @property
    def refusals(self) -> dict[str, str]:
        """Why there is no trace, by field."""
        return in_order(self.reasons)

    def run_spec(self) -> RunSpec:
        """Its settings. A refused run has none that would do."""
        return RunSpec(**self.spec, table=self.table.text if self.table else "")

    def form(self) -> dict[str, Any]:
        """Its settings as a form spells them: a table of one's own by its id."""
        own = {"dataset": field_of(self.table_id)} if self.table_id else {}
        return {**self.spec, **own}

    def run_program(self) -> Program:
        """Its program."""
        return Program.parse(self.program)

    def load(self) -> Trace | None:
        """Its trace, where it left one."""
        return self.trace.engine_trace if self.trace else None

    def document(self) -> dict[str, Any]:
        """What stands for the trace document where there is no trace."""
        error = {"type": self.state.capitalize(), "message": self.reason, "line": 0, "step": 0}
        return {"id": self.id, "status": self.state, "error": error, "spec": self.spec}

    @property
    def reason(self) -> str:
        """Why there is no trace, in a sentence."""
        return " ".join(str(reason) for reason in self.refusals.values())
