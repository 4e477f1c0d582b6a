"""The numbers of a run by the names that its program uses."""

from trainer.engine.spec import RunSpec


def values_of(spec: RunSpec) -> dict[str, int | float]:
    """Settings and sizes of the data."""
    data = spec.facts
    return {
        "batch_size": spec.batch_size, "epochs": spec.epochs, "hidden": spec.hidden,
        "lr": spec.lr, "seed": spec.seed, "classes": len(data.classes),
        "features": len(data.features) + ("label-leak" in spec.alterations),
    }  # fmt: skip
