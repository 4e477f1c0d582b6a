"""One batch on its way round the loop, with the shapes and numbers of step 1 of a run.

Two drawings of the same facts: a wide one that follows its frame's width, and a tall one for
narrow screens. A part that the run did not reach is an empty dashed box.
"""

from django.utils.safestring import SafeString

from course.drawings import pipeline_down, pipeline_round
from course.drawings.facts import Facts, facts_of
from course.drawings.numerals import decimal
from course.drawings.svg import Told
from trainer.engine.trace import Trace


def pipeline_wide(trace: Trace) -> SafeString:
    """At least 936 px wide, and as wide as its frame. "" where no batch was dealt."""
    facts = facts_of(trace)
    return pipeline_round.draw(facts, _told(facts)) if facts else SafeString()


def pipeline_tall(trace: Trace) -> SafeString:
    """286 px wide, for phones. "" where no batch was dealt."""
    facts = facts_of(trace)
    return pipeline_down.draw(facts, _told(facts)) if facts else SafeString()


def _told(facts: Facts) -> Told:
    """The drawing in words, as far as the run got."""
    parts = [
        f"The data set of shape {facts.dataset} is dealt in batches, {facts.batches}.",
        f"Scaling keeps the shape {facts.scaled[1]}."
        if facts.scaled
        else "Scaling was not reached.",
        f"The model makes logits of shape {facts.logits[1]}."
        if facts.logits
        else "The model was not reached.",
        f"Logits and labels make one loss, {decimal(facts.loss)}."
        if facts.loss is not None
        else "No loss was computed.",
        f"Each of {facts.parameters:,} parameters has a gradient."
        if facts.gradients
        else "No gradient was at hand for an update.",
        _moved(facts.moved),
        " ".join(facts.round) + ".",
    ]
    return Told("One batch on its way through the training loop", " ".join(parts))


def _moved(moved: bool | None) -> str:
    if moved is None:
        return "The end of step 1 was not reached."
    return "Step 1 changed the weights." if moved else "Step 1 left the weights as they were."
