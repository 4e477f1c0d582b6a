"""What lies on the desk: settings and a program, as the address of the page has them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from course.accounts.models import User
from course.lab.builder.form import LabForm
from trainer.engine.program import Program, ProgramError
from trainer.engine.spec import PRESETS, RunSpec
from trainer.models import Run

WHOLE = re.compile("[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Desk:
    """Settings and program. program: None where its lines cannot be read; run: whose they are."""

    form: LabForm
    program: Program | None
    run: Run | None = None

    @classmethod
    def of(cls, query: Mapping[str, str], learner: User | None) -> "Desk":
        """The desk of an address. Raises `Http404` for a run that this person may not see."""
        run = _seen(query["run"], learner) if query.get("run") else None
        start = PRESETS.get(query.get("preset", ""), PRESETS["calm"]).as_dict()
        lines = Program.correct().spelling()
        if run and run.program:
            start, lines = RunSpec().as_dict() | run.form(), run.program
        form = LabForm.of(query, start, lines, learner)
        return cls(form, _program(form.data["lines"]), run)

    @classmethod
    def showing(cls, form: LabForm) -> "Desk":
        """The desk of a form that was sent."""
        return cls(form, _program(form.data.get("lines", "")))

    @property
    def spec(self) -> RunSpec:
        """The settings, or the default ones where they cannot be run."""
        return self.form.asked.spec if self.form.is_valid() and self.form.asked else RunSpec()

    def address(self, program: Program | None = None) -> str:
        """Where this desk is found again, with another program if one is given.

        Without the run: whoever follows it may not be allowed to see that one.
        """
        program = program or self.program
        data = self.form.data
        given = {name: data[name] for name in self.form.fields if data.get(name)}
        if program:
            given["lines"] = spelled(program)
        return address_of(given)


def address_of(given: Mapping[str, str]) -> str:
    """The lab with these settings; commas and colons are left as they are, to be read."""
    return f"{reverse('lab')}?{urlencode(given, safe=',:')}"


def whole(text: str) -> int:
    """The number of a line, as addresses have it; 0 for what is none."""
    return int(text) if WHOLE.fullmatch(text) else 0


def spelled(program: Program) -> str:
    """The program as `Program.parse` reads it, as short as it goes."""
    return ",".join(
        each.line.id if each.level == each.line.level else f"{each.line.id}:{each.level}"
        for each in program.lines
    )


def _seen(run_id: str, learner: User | None) -> Run:
    runs = Run.objects.visible_to(learner).select_related("trace")
    if run := runs.named(run_id).first():
        return run
    raise Http404


def _program(lines: str) -> Program | None:
    """The program of these lines; no lines are the correct loop, as they are to `trainer.runs`."""
    try:
        return Program.parse(lines) if lines.strip() else Program.correct()
    except ProgramError:
        return None
