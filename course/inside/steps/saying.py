"""What a line did, in sentences: only what was measured before and after it."""

from collections.abc import Iterator, Sequence

from course.drawings.numerals import count, shape
from course.inside.steps.step import Step, Thing

FEW = 4
"""Names that a sentence lists."""
NOTHING = "Nothing that is measured here changed."


def sentences(step: Step, at: int) -> list[str]:
    """Markdown of one line each; there is always one."""
    things = list(step.things(at).values())
    said = [
        *_of_names([each for each in things if each.group == "name" and each.mark]),
        *(f"`{name}` was bound anew, to the same as before." for name in step.again(at)),
        *_of_gradients(things, step.gone(at)),
        *_of_parameters(things, step.gone(at)),
        *_of_state([each for each in things if each.group == "state" and each.mark]),
        *_of_recording(step.recording(at)),
    ]
    if step.is_failing(at):
        kept = (
            "Before it failed, it did this." if said else "Nothing that is measured here changed."
        )
        return ["This line failed, and the program ended here.", kept, *said]
    return said or ["Nothing that is measured here changed."]


def _of_names(marked: Sequence[Thing]) -> Iterator[str]:
    new = [each for each in marked if each.mark == "new"]
    if new:
        yield f"{_listed(new)} {_is(new)} new."
    for each in marked:
        if each.mark == "traced":
            yield f"`{each.path}` holds the same numbers, which came about in another way."
    changed = [each for each in marked if each.mark == "changed"]
    for each in changed:
        if each.text:
            yield f"`{each.path}`: {each.text} from here on."
    others = [each for each in changed if not each.text]
    if others:
        yield f"{_listed(others)} {'holds' if len(others) == 1 else 'hold'} something else now."


def _of_gradients(things: Sequence[Thing], gone: Sequence[str]) -> Iterator[str]:
    gradients = [each for each in things if each.group == "gradient"]
    new = [each for each in gradients if each.mark == "new"]
    changed = [each for each in gradients if each.mark == "changed"]
    dropped = [path for path in gone if path.endswith(".grad")]
    parameters = sum(each.group == "parameter" for each in things)
    if new and len(new) == parameters:
        yield f"{count(len(new), 'gradient')} now {_exist(len(new))}, one per parameter tensor."
    elif new:
        yield f"{count(len(new), 'gradient')} of {count(parameters, 'parameter tensor')} are new."
    if changed:
        yield f"{count(len(changed), 'gradient')} that {_was(len(changed))} there changed."
    if dropped:
        yield f"{count(len(dropped), 'gradient')} {_was(len(dropped))} dropped: now None."


def _of_parameters(things: Sequence[Thing], gone: Sequence[str]) -> Iterator[str]:
    parameters = [each for each in things if each.group == "parameter"]
    moved = [each for each in parameters if each.mark == "changed"]
    touched = any(each.mark for each in things if each.group == "gradient")
    if moved:
        yield f"{len(moved)} of {count(len(parameters), 'parameter tensor')} moved."
    elif any(each.mark == "new" for each in parameters):
        yield f"The model has {count(len(parameters), 'parameter tensor')}."
    elif parameters and (touched or any(path.endswith(".grad") for path in gone)):
        yield "No parameter moved."


def _of_state(marked: Sequence[Thing]) -> Iterator[str]:
    new = [each for each in marked if each.mark == "new"]
    if new:
        yield f"The optimizer has made itself {count(len(new), 'tensor')} of state."
    elif marked:
        yield f"{count(len(marked), 'tensor')} in the state of the optimizer changed."


def _of_recording(recording: bool | None) -> Iterator[str]:
    if recording is False:
        yield "From here on autograd records nothing."
    elif recording:
        yield "Autograd records operations again."


def _listed(things: Sequence[Thing]) -> str:
    told = [f"`{each.path}`{_of_shape(each)}" for each in things[:FEW]]
    if len(things) > FEW:
        told.append(f"{len(things) - FEW} more")
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _of_shape(thing: Thing) -> str:
    return f" of shape `{shape(thing.shape)}`" if thing.value and thing.shape else ""


def _is(things: Sequence[Thing]) -> str:
    return "is" if len(things) == 1 else "are"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _exist(number: int) -> str:
    return "exists" if number == 1 else "exist"
