"""What the address asks for: a row, an epoch, and what to open of them."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import QueryDict

from course.heldout.rows import last_kept
from course.inside.predict.forms import Choice, TypedRow
from trainer.engine.names import Names
from trainer.engine.trace import Trace

Query = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of the page as they were sent, or as it begins."""

    row: Choice
    epoch: Choice
    typed: TypedRow
    unit: Choice
    logit: Choice

    @classmethod
    def of(cls, trace: Trace, query: QueryDict) -> "Asked":
        """Fields with what was sent are bound, the others hold what they begin with."""
        data, names = trace.document["data"], Names.of(trace.document)
        units = trace.document["layout"][0]["shape"][0]

        def choice(name: str, label: str, last: int, of: str, start: int | None) -> Choice:
            sent = query if name in query else None
            return Choice(name, label, last, of, sent, initial={name: start})

        last = last_kept(trace)
        columns = [f"x{at}" for at in range(len(names.features))]
        return cls(
            row=choice("row", "Held-out row", data["heldout_rows"] - 1, "the held-out rows", 0),
            epoch=choice("epoch", "After epoch", last, "0 is before training", last),
            typed=TypedRow(names, query if any(name in query for name in columns) else None),
            unit=choice("unit", "Hidden unit", units - 1, "the hidden units", None),
            logit=choice("logit", "Logit of class", data["classes"] - 1, "the classes", None),
        )

    @property
    def refused(self) -> bool:
        """Whether a field that was sent cannot be read."""
        return not self.names_a_row or not all(map(_fits, (self.unit, self.logit)))

    @property
    def names_a_row(self) -> bool:
        """Whether row and epoch can be read: those of a sum to open are another matter."""
        return all(map(_fits, (self.row, self.epoch, self.typed)))

    @property
    def is_typed(self) -> bool:
        """Whether a row of one's own was sent."""
        return self.typed.is_bound

    @property
    def wanted(self) -> list[Any]:
        """As the replay `through` takes it. For what can be read."""
        after = chosen(self.epoch) or 0
        if self.is_typed:
            return ["typed", self.typed.values, after]
        return ["heldout", chosen(self.row) or 0, after]

    def subject(self) -> Query:
        """The row as the address names it."""
        if self.is_typed:
            return [(name, self.typed.data[name]) for name in self.typed.fields]
        return [("row", chosen(self.row))]

    def query(self) -> Query:
        """Row and epoch as the address names them."""
        return [*self.subject(), ("epoch", chosen(self.epoch))]


def _fits(form: Form) -> bool:
    return not form.is_bound or form.is_valid()


def chosen(form: Choice) -> int | None:
    """What was sent where it can be read, else what the field begins with."""
    if form.is_bound and form.is_valid():
        return form.number
    start: int | None = form.initial[form.name]
    return start
