"""What an error of a learner's program means, beside what Python or PyTorch said of it.

Each pattern is that of a message of the engine's own PyTorch, and a test provokes it. Where none
fits, the kind of the error says what is sure.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from trainer.engine.vocabulary import VOCABULARY, Line

_MAKES = re.compile(r"(?:for )?([a-z_]+(?:, [a-z_]+)*) (?:=|in) (.*)", re.DOTALL)

KNOWN = {
    "modified by an inplace operation": "Values that backward() needs were changed in place after "
    "the forward pass had used them. optimizer.step() between the two does that.",
    "backward through the graph a second time": "This backward() goes through a graph that an "
    "earlier one has freed. Each forward pass builds a new graph, and it serves one backward().",
    "does not require grad": "The loss is connected with no parameter: on the way to it "
    "something was detached, has no gradient, or was computed under no_grad().",
    "multi-target not supported": "The labels stand in a column, of shape (rows, 1). Cross-entropy "
    "takes them as a plain row of class numbers, of shape (rows,).",
    r"Target -?\d+ is out of bounds": "A label is the number of a class that the model has no "
    "score for. Classes are counted from 0, so the last is the number of scores minus 1.",
    "expected target dtype": "The labels are numbers with a point. Cross-entropy takes whole "
    "numbers as classes.",
    "Expected floating point type for target": "Scores and labels have one shape, so cross-entropy "
    "took the labels for probabilities, and those have a point. Scores of shape (rows, classes) "
    "are missing.",
    "empty parameter list": "The optimizer was given no parameters: PyTorch found none in the "
    "model. Layers in a plain list are not seen; nn.Sequential registers them.",
    "object has no attribute '(backward|item)'": "It is a plain number by now, not a tensor: "
    ".item() made it one. A number has no graph, and no backward().",
    "Dimension out of range": "The tensor has fewer dimensions than the line asks for: an earlier "
    "line took the one over the classes away.",
    "The size of tensor a": "The two tensors have different shapes, and neither can be repeated "
    "to fit the other.",
    "one_hot is only applicable": "one_hot wants class numbers, and those are whole; these labels "
    "are numbers with a point already.",
    "Class values must be smaller": "A label is the number of a class that there is not. Classes "
    "are counted from 0.",
    '"mse_cpu" not implemented': "Mean squared error was given whole numbers alone, and it "
    "computes with numbers that have a point.",
    "'Net' object is not subscriptable": "This model is a class of its own. Layers are picked by "
    "number from nn.Sequential alone.",
    "unexpected indent": "The line stands further in than the one before it, which opens no block.",
    "expected an indented block": "A line that ends in a colon opens a block, and the next line "
    "has to stand one level further in.",
    "unindent does not match": "The line stands at a level at which no open block began.",
}
"""By a pattern of the message, in which only the first that is found counts."""

OF_A_KIND = {
    "NameError": "A line used a name that no line before it had made in this run.",
    "RuntimeError": "PyTorch could not do what the line asks, with the tensors as they were then.",
    "IndentationError": "The lines do not stand at levels that Python can read as blocks.",
    "SyntaxError": "The lines do not make a program that Python can read.",
    "Stopped": "What was recorded until then is below.",
}
UNKNOWN = "Python ended the run here."


def cause_of(error: Mapping[str, str]) -> str:
    """A sentence or two about the `error` of a trace document."""
    if error["type"] == "NameError":
        return _missing(error["message"])
    if error["type"] != "Stopped":
        for pattern, cause in KNOWN.items():
            if re.search(pattern, error["message"]):
                return cause
    return OF_A_KIND.get(error["type"], UNKNOWN)


def _missing(message: str) -> str:
    """Which name is not there, and which line would make it."""
    found = re.search(r"name '(\w+)' is not defined", message)
    if not found:
        return OF_A_KIND["NameError"]
    name = found[1]
    said = f"No line that ran before this one had made {name}."
    return f"{said} The line {_makers()[name]} makes it." if name in _makers() else said


@cache
def _makers() -> dict[str, str]:
    """The first line of the vocabulary that makes a name without having read it."""
    made: dict[str, str] = {}
    for line in VOCABULARY.values():
        for name in _made_by(line):
            made.setdefault(name, line.template.partition("\n")[0].removesuffix("("))
    return made


def _made_by(line: Line) -> Iterator[str]:
    found = _MAKES.match(line.template)
    for name in found[1].split(", ") if found else ():
        if found and not re.search(rf"\b{name}\b", found[2]):
            yield name
