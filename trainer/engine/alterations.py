"""What may be done to the rows of a data set before a run, to see what comes of it.

A closed list, standard library only; how it is done stands in `trainer.engine.pieces`.
"""

ALTERATIONS = {
    "shuffled-labels": "The labels of the training rows change places among them.",
    "label-leak": "One more column, in all rows, holds the label.",
    "constant-column": "The first column has the same value in every row.",
    "outlier": "One value of the second column is a hundred times its largest.",
    "sorted-labels": "The training rows are stored in the order of their labels.",
}
"""In the order in which they are done, with what each does."""


def canonical(text: str) -> str:
    """One spelling for equal sets: each once, in the order of the list, then what is not in it."""
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    known = [name for name in ALTERATIONS if name in wanted]
    return ",".join([*known, *sorted(set(wanted) - set(known))])


def refusal(text: str) -> str | None:
    """A sentence if a name is not in the list, or None."""
    if all(name in ALTERATIONS for name in text.split(",") if name):
        return None
    return f"Choose among {', '.join(ALTERATIONS)}; several with commas between them."
