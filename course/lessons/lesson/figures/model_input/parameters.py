"""What there is to learn, counted by layer, for any number of hidden units."""

from course.drawings.strips import Strip, strips
from course.drawings.svg import Told
from course.lessons.lesson.figure import Figure, Shown
from course.lessons.pipeline.tables import Table, table
from course.lessons.pipeline.wording import count
from trainer.engine.probes.model_input import Sizes, sizes_of
from trainer.engine.spec import MAX_HIDDEN

Layer = tuple[str, tuple[int, ...], int, int]
"""Name, shape of its weight, weights, biases."""


def parameters(given: Shown) -> Figure | None:
    """Weights and biases of each layer as shares of all parameters."""
    run = sizes_of(given.trace)
    if run is None:
        return None
    control = given.number("units", "Hidden units", (1, MAX_HIDDEN), run.hidden)
    sizes = Sizes(run.features, control.number, run.classes)
    layers, whole = _layers(sizes), sizes.weights + sizes.biases
    drawn = [
        Strip(name, f"{weights + biases:,}", [(weights / whole, "s3"), (biases / whole, "ink-3")])
        for name, _, weights, biases in layers
    ]
    says = _says(run, sizes)
    title = f"Parameters of a model with {count(sizes.hidden, 'hidden unit')}"
    heads = ("layer", "weights, then biases", "both")
    return Figure(
        title=title,
        says=says,
        drawing=strips(Told(title, says), heads, drawn),
        table=_table(layers),
        controls=(control,),
    )


def _layers(sizes: Sizes) -> list[Layer]:
    shapes = ((sizes.hidden, sizes.features), (sizes.classes, sizes.hidden))
    first, last = (
        (name, shape, shape[0] * shape[1], shape[0])
        for name, shape in zip(("0", "2"), shapes, strict=True)
    )
    return [first, ("1", (), 0, 0), last]


def _says(run: Sizes, sizes: Sizes) -> str:
    whole, own = sizes.weights + sizes.biases, run.weights + run.biases
    said = (
        f"Layer 0 has {sizes.features} × {sizes.hidden} weights and {sizes.hidden} biases, "
        f"layer 2 has {sizes.hidden} × {sizes.classes} weights and {sizes.classes} biases. Layer 1 "
        f"is ReLU and has none. Together {whole:,}."
    )
    if sizes == run:
        return said
    return f"{said} This run's own model, with {count(run.hidden, 'hidden unit')}, has {own:,}."


def _table(layers: list[Layer]) -> Table:
    columns = [
        {"text": "Layer", "kind": "code"},
        {"text": "Shape of its weight", "kind": "code"},
        *({"text": each, "kind": "n"} for each in ("Weights", "Biases", "Both")),
    ]
    rows = [
        [name, str(shape) if shape else "", f"{weights:,}", f"{biases:,}", f"{weights + biases:,}"]
        for name, shape, weights, biases in layers
    ]
    whole = [sum(layer[at] for layer in layers) for at in (2, 3)]  # type: ignore[misc]
    rows.append(["all", "", *(f"{each:,}" for each in (*whole, sum(whole)))])
    return table("Parameters of each layer", columns, rows)
