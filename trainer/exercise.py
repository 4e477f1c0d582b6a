"""A run as an exercise: the script without its loop, and a check of the loop that is put there.

Works on the text of a trace document, like `trainer.script`, and knows no torch either.
"""

import math

from trainer.engine.program import Program
from trainer.engine.trace import Document, as_float
from trainer.engine.vocabulary import VOCABULARY
from trainer.script import names_of, versions_of

NO_EXAMPLE = """\
Only a run of the right loop that came to its end with a finite loss can be an exercise: this one
has no loss to aim at. Its script repeats it as it was.
"""

HEADER = """\
# The loop of a run, for you to write. Everything else is here: rows, model, loss, optimizer.
# Find the place that is marked, write the loop there, and start it. It needs Python 3.11 and torch:
#     python exercise.py
# A wrong loop is stopped, and told why. A right one ends in the loss of the run that this was made
# from; on other versions than those below its last digits may differ.
#
# versions: {versions}
# key:      {key}
# digest:   {digest}
"""

SETUP = """\
# The setup, as it ran on the site.

{setup}

"""

WATCH = '''\
class Watch:
    """Looks on while your loop runs, and changes nothing. PyTorch calls it at the right moments."""

    def __init__(self):
        self.updates = 0
        self.fresh = False  # gradients that no update has used so far
        *_, self.last = model.parameters()
        self.last.register_hook(self.came)
        self.last.register_post_accumulate_grad_hook(self.added)
        optimizer.register_step_pre_hook(self.moves)

    def came(self, gradient):
        """Keep the gradient that `backward()` has just made."""
        self.made = gradient.clone()

    def added(self, parameter):
        """It is added to what is in `.grad`, so nothing may be there."""
        assert not self.made.isfinite().all() or torch.equal(parameter.grad, self.made), (
            "backward() added its gradients to those of the batch before. Clear them first, in "
            "every pass: optimizer.zero_grad()."
        )
        self.fresh = True

    def moves(self, *_):
        """An update needs gradients of the batch that it is made for."""
        assert self.fresh and self.last.grad is not None, (
            "optimizer.step() found no new gradients. They are made by loss.backward(), which has "
            "to come before it in every pass, with nothing between them that clears them again."
        )
        self.fresh = False
        self.updates += 1


watch = Watch()
'''

BEGINS = "# ---- your loop begins " + 76 * "-"
ENDS = "# ---- your loop ends " + 78 * "-"

PLACE = f"""\
{BEGINS}
#
# Go {{epochs}} times through `loader`: rows and their labels, {{batches}} batches each time.
# What is to be done with a batch, in alphabetical order: backward, clear the gradients, forward,
# loss, scale, update. Use what the setup has made: model, criterion, optimizer, loader, scale.


{ENDS}
"""

CHECK = """\
assert watch.updates, (
    "Nothing was updated: optimizer.step() was never called. (The optimizer has to be the one of "
    "the setup.)"
)
assert watch.updates == {updates}, (
    f"There were {{watch.updates}} updates, and there should be {updates}: one for each of the "
    "{batches} batches, in each of the {epochs} epochs. Does optimizer.step() stand in the inner "
    "loop, and does the outer one go round {epochs} times?"
)
with torch.no_grad():
    final = criterion(model(scale(train.x)), train.y).item()
# The run ended at {loss}. Other versions of PyTorch may differ in the last digits.
assert math.isclose(final, {loss}, rel_tol={tolerance}), (
    f"After the loop the loss over all training rows is {{final:.6f}}, and should be {loss:.6f}. "
    "Does each batch go through scale(x) and then through the model, and is the loss taken from "
    "its own labels? Does anything else change the parameters or use up random numbers? "
    f"(Your torch is {{torch.__version__}}, the run's was {torch}.)"
)
print(f"Right: {{watch.updates}} updates, and a loss of {{final:.6f}} over all training rows.")
"""

TOLERANCE = 1e-4
"""Relative. Starting weights that differ in their last digit moved the loss by up to 6e-7, and the
nearest wrong loop, one batch late for 1,000 updates, by 4e-4 (measured over 11 settings)."""


def is_example(document: Document) -> bool:
    """Whether a run shows what the right loop comes to: its own loop is the right one."""
    correct = [(placed.line.id, placed.level) for placed in Program.correct().lines]
    ran = [(line["id"], line["level"]) for line in document["program"]]
    return document["status"] == "finished" and ran == correct and math.isfinite(_loss(document))


def exercise_of(document: Document) -> str:
    """The exercise of a run that is an example: ends without an error when the loop is right."""
    setup = [
        line["source"] for line in document["program"] if VOCABULARY[line["id"]].section == "setup"
    ]
    epochs = document["spec"]["epochs"]
    counted = {"epochs": epochs, "batches": len(document["steps"]) // epochs}
    aim = {
        "updates": document["updates"], "loss": _loss(document), "tolerance": TOLERANCE,
        "torch": document["versions"]["torch"],
    }  # fmt: skip
    parts = (
        HEADER.format(**document | {"versions": versions_of(document)}),
        *names_of(document),
        SETUP.format(setup="\n".join(setup)),
        WATCH,
        PLACE.format(**counted),
        CHECK.format(**counted | aim),
    )
    return "\n".join(parts)


def _loss(document: Document) -> float:
    """Over the training rows, at the end; nothing was measured where there was no epoch."""
    loss = as_float(document["epochs"][-1]["loss"]) if document["epochs"] else None
    return math.nan if loss is None else loss
