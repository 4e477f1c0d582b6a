"""What holds after a line, as the rows of the page's tables."""

from collections.abc import Callable, Sequence
from typing import Any

from course.drawings.numerals import decimal, real, shape
from course.inside.steps.step import Step, Thing

PREVIEW = 3
"""Numbers of a tensor that a table shows."""
MARKS = {"new": "new", "changed": "changed", "traced": "same numbers, other graph"}

Row = dict[str, Any]
Link = Callable[[str], str]
"""From the path of a tensor to the address at which it is looked at."""


def names(things: Sequence[Thing], link: Link) -> list[Row]:
    """Names that the program has bound: tensors, then numbers and words, then tools."""
    return [
        {
            "name": each.path,
            "href": link(each.path) if _has_map(each) else "",
            "kind": "" if each.value else each.kind,
            "shape": shape(each.shape) if each.value else "",
            "dtype": each.value["dtype"] if each.value else "",
            "requires_grad": each.requires_grad,
            "grad_fn": each.grad_fn,
            "values": preview(each),
            "mark": _mark(each),
        }
        for each in sorted(things, key=_order)
        if each.group == "name"
    ]


def parameters(step: Step, at: int, link: Link) -> list[Row]:
    """A row per parameter: its length, its gradient's, and by how much it moved in this step."""
    things, gone = step.things(at), step.gone(at)
    return [
        {
            "name": each.path,
            "href": link(each.path),
            "shape": shape(each.shape),
            "norm": decimal(each.norm),
            "gradient": _gradient(things.get(f"{each.path}.grad"), link),
            "moved": ", ".join(decimal(length) for length in step.moves(each.path, at)),
            "mark": _of_parameter(each, things.get(f"{each.path}.grad"), gone),
        }
        for each in things.values()
        if each.group == "parameter"
    ]


def state(things: Sequence[Thing], link: Link) -> list[Row]:
    """What the optimizer keeps."""
    return [
        {
            "name": each.path,
            "href": link(each.path) if _has_map(each) else "",
            "shape": shape(each.shape),
            "values": preview(each),
            "norm": decimal(each.norm),
            "mark": _mark(each),
        }
        for each in things
        if each.group == "state"
    ]


def preview(thing: Thing) -> str:
    """The first numbers of a tensor, or what there is to say of anything else."""
    if thing.value is None:
        return thing.text
    flat = flattened(thing.value["numbers"])[: PREVIEW + 1]
    told = [written(each) for each in flat[:PREVIEW]]
    return "  ".join([*told, "…"] if len(flat) > PREVIEW else told)


def written(number: float | str | bool) -> str:
    """A whole number or a truth value as Python prints it, others with three decimals."""
    if isinstance(number, bool | int):
        return str(number).replace("-", "\N{MINUS SIGN}")
    return decimal(real(number))


def flattened(numbers: Any) -> list[Any]:  # noqa: ANN401 - as deep as the tensor
    """The numbers of a tensor in one row."""
    if not isinstance(numbers, list):
        return [numbers]
    return [number for part in numbers for number in flattened(part)]


def _order(thing: Thing) -> int:
    return 0 if thing.value else 1 if thing.text else 2


def _has_map(thing: Thing) -> bool:
    return bool(thing.shape) and thing.shape != (1,) and 0 not in thing.shape


def _mark(thing: Thing) -> str:
    if thing.mark == "changed" and thing.moved is not None and thing.shape:
        return f"changed by {decimal(thing.moved)}"
    return MARKS.get(thing.mark, "")


def _gradient(gradient: Thing | None, link: Link) -> Row:
    if gradient is None:
        return {"norm": "None"}
    return {"norm": decimal(gradient.norm), "href": link(gradient.path)}


def _of_parameter(thing: Thing, gradient: Thing | None, gone: Sequence[str]) -> str:
    said = []
    if thing.mark == "changed" and thing.moved is not None:
        said.append(f"moved by {decimal(thing.moved)}")
    elif thing.mark:
        said.append(MARKS[thing.mark])
    if gradient and gradient.mark:
        said.append("gradient written" if gradient.mark == "new" else "gradient changed")
    if f"{thing.path}.grad" in gone:
        said.append("gradient dropped")
    return ", ".join(said)
