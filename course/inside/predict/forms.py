"""What the address of the prediction trace may ask for, checked field by field."""

import struct
from collections.abc import Sequence
from typing import Any

from django import forms

from course.inside.fields import decimal, read, whole, within
from trainer.engine.names import Names

LARGEST = 1e6
"""As `trainer.engine.through` has it, which the web process may not import."""


class Choice(forms.Form):
    """One whole number from 0 up to a bound, under a name of its own."""

    def __init__(
        self, name: str, label: str, last: int, of: str, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.name, self.last, self.of = name, last, of
        self.fields[name] = whole(label)

    @property
    def field(self) -> forms.BoundField:
        """The one that it has."""
        return self[self.name]

    @property
    def number(self) -> int:
        """What was asked for, once it is valid."""
        return int(self.cleaned_data[self.name])

    def clean(self) -> dict[str, Any]:
        """Within its bounds, or a sentence beside it."""
        try:
            given = self.cleaned_data.get(self.name, "")
            self.cleaned_data[self.name] = within(given, 0, self.last, self.of)
        except forms.ValidationError as refused:
            self.add_error(self.name, refused)
        return self.cleaned_data


class TypedRow(forms.Form):
    """A row of one's own: a number per column, in the units of the data."""

    def __init__(self, names: Names, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for index in range(len(names.features)):
            label = names.column(index)
            named = {"aria-label": label} if names.image else {}
            self.fields[f"x{index}"] = decimal(label, **named)

    @property
    def values(self) -> list[float]:
        """In the order of the columns, once it is valid."""
        return [float(self.cleaned_data[name]) for name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Each a number that is not too far from zero, or a sentence beside it."""
        for name in self.fields:
            try:
                self.cleaned_data[name] = read(self.cleaned_data.get(name, ""), LARGEST)
            except forms.ValidationError as refused:
                self.add_error(name, refused)
        return self.cleaned_data

    def complaints(self) -> list[tuple[str, str, str]]:
        """For fields too small to have sentences beside them: id, column and reason."""
        return [
            (f"{self[name].auto_id}_error", str(self.fields[name].label), str(why[0]))
            for name, why in self.errors.items()
        ]


def first_values(raw: Sequence[float | str]) -> dict[str, str]:
    """What the fields of a typed row begin with: a row of the run, to be changed."""
    return {f"x{index}": shortest(float(value)) for index, value in enumerate(raw)}


def shortest(value: float) -> str:
    """The fewest digits by which a float32 is known, as a person would type them."""
    texts = (f"{value:.{digits}g}" for digits in range(1, 18))
    return next(f"{float(text):.12g}" for text in texts if as_float32(float(text)) == value)


def as_float32(value: float) -> float:
    """What a float32 makes of a number."""
    (only,) = struct.unpack("f", struct.pack("f", value))
    return float(only)
