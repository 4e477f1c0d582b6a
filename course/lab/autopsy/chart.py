"""How the numbers grew in the steps before, on a scale of powers of ten."""

from typing import Any

from django.utils.safestring import SafeString

from course.drawings.log_axis import around
from course.drawings.plot import Axis, Marks, plot
from course.drawings.svg import Told
from course.lab.patterns import CLASSES
from course.lab.tables import Table, table
from trainer.pages import shown

Chain = list[dict[str, Any]]

TITLE = "The steps before"
MEASURES = {
    "parameter": ("parameter", "Largest parameter before it"),
    "logit": ("logit", "Largest logit"),
    "loss": ("loss", "Loss"),
    "gradient": ("gradients", "Length of the gradients"),
    "update": ("update", "Length of the update"),
}


def chain_chart(chain: Chain) -> SafeString:
    """The magnitude of each measure by step. "" where two steps have none."""
    lines = {name: _points(chain, name) for name in MEASURES}
    drawn = {name: points for name, points in lines.items() if len(points) > 1}
    if not drawn:
        return SafeString()
    steps = [each["step"] for each in chain]
    marks = [
        Marks(points, CLASSES[at], label=MEASURES[name][0], width=None)
        for at, (name, points) in enumerate(drawn.items())
    ]
    values = [value for points in drawn.values() for _, value in points]
    x = Axis("step", steps[0] - 0.25, steps[-1] + 0.25, whole=True)
    return plot(Told(TITLE, says(chain)), x, around("magnitude", values, above=0.15), marks)


def chain_table(chain: Chain) -> Table:
    """The same as numbers; the last row is the step at which it ends."""
    rows = [[str(each["step"]), *(shown(each[name]) for name in MEASURES)] for each in chain]
    heads = ["Step", *(head for _, head in MEASURES.values())]
    return table("What led there, step by step", heads, rows, lit=len(rows) - 1)


def lines_table(lines: Chain) -> Table:
    """What each line of the last step made."""
    rows = [
        [f"{each['line']}: {each['source']}", each["tensor"], shown(each["largest"])]
        for each in lines
    ]
    made = table(
        "What each line made", ["Line", "Made", "Largest magnitude"], rows, lit=len(rows) - 1
    )
    for row in made["rows"]:
        row["cells"][0]["kind"] = "code"
        row["cells"][1]["kind"] = "code"
    made["columns"][1]["kind"] = ""
    return made


def says(chain: Chain) -> str:
    """Whether the largest parameter grew, and from where to where."""
    known = _points(chain, "parameter")
    if len(known) < 2:  # noqa: PLR2004 - two make a change
        return "No step came before it."
    (first, low), (last, high) = known[0], known[-1]
    verb = "grew" if high > low else "went" if high < low else "stayed"
    return (
        f"The largest parameter {verb} from {shown(low)} before step {first} to {shown(high)} "
        f"before step {last}."
    )


def _points(chain: Chain, name: str) -> list[tuple[int, float]]:
    """Magnitudes that a scale of powers has a place for."""
    found = ((each["step"], each[name]) for each in chain)
    known = [
        (step, abs(float(value)))
        for step, value in found
        if value is not None and value not in ("nan", "inf", "-inf")
    ]
    return [(step, value) for step, value in known if value > 0]
