"""What the address of the ledger may ask for, checked field by field."""

from typing import Any

from django import forms

from course.inside.fields import decimal, read, whole, within
from course.inside.weights.places import Parameter, Place


class PlaceForm(forms.Form):
    """A weight by its name and indices; `place` is there once it is valid."""

    name = forms.CharField(label="Tensor", max_length=40, widget=forms.Select)
    row = whole("Row")
    column = whole("Column")

    place: Place

    def __init__(self, parameters: list[Parameter], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {each.name: each for each in parameters}
        names = [(each.name, f"{each.name} {each.shape}") for each in parameters]
        self.fields["name"].widget.choices = names
        self.fields["column"].help_text = "A bias has none."

    def clean_name(self) -> Parameter:
        """One of the model's tensors."""
        given = self.cleaned_data["name"]
        if given not in self.known:
            raise forms.ValidationError(f"Must be one of {', '.join(self.known)}.")
        return self.known[given]

    def clean(self) -> dict[str, Any]:
        """Rows and columns are those of the tensor; what is left out is the first."""
        parameter = self.cleaned_data.get("name")
        if parameter:
            row = self._index("row", parameter.rows, f"the rows of {parameter.name}")
            columns, named = parameter.columns, f"the columns of {parameter.name}"
            column = None if columns is None else self._index("column", columns, named)
            self.place = Place(parameter, row, column)
        return self.cleaned_data

    def _index(self, name: str, count: int, of: str) -> int:
        given = self.cleaned_data.get(name) or "0"
        try:
            return within(given, 0, count - 1, of)
        except forms.ValidationError as refused:
            self.add_error(name, refused)
        return 0


class UpdateForm(forms.Form):
    """Which update to spell out; `number` counts from 1."""

    step = whole("Update")

    def __init__(self, updates: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.updates = updates

    def clean_step(self) -> int:
        """One that the run made."""
        return within(self.cleaned_data["step"], 1, self.updates, "the updates of this run")


class TryForm(forms.Form):
    """A learner's own new value. Field `try`: not a name that Python has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["try"] = decimal("The new value")

    def clean(self) -> dict[str, Any]:
        """Read as the course's questions read numbers."""
        try:
            self.cleaned_data["try"] = read(self.cleaned_data.get("try", ""))
        except forms.ValidationError as refused:
            self.add_error("try", refused)
        return self.cleaned_data
