"""The form of a new data set. What a file has to be is the engine's to say."""

import unicodedata
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from trainer.engine import csv_file
from trainer.engine.csv_file import MAX_BYTES, MAX_NAME, NoTable
from trainer.engine.table import Table

NAME_LENGTH = 60
PASTED = "pasted table"
ONE_OF_TWO = "Choose a file, or paste its text."
NOT_BOTH = "There is a file as well. Send one of the two."


class DataSetForm(forms.Form):
    """A file or its text; `table` and `called` are there once it is valid."""

    file = forms.FileField(
        label="A CSV file",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        help_text="From a spreadsheet: mark the cells, copy, and paste them here.",
        widget=forms.Textarea(
            attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}
        ),
    )
    label = forms.CharField(
        label="Class column",
        required=False,
        max_length=MAX_NAME,
        help_text="Its name. Left empty, the last column is the class.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label="What you call it",
        required=False,
        max_length=NAME_LENGTH,
        help_text="Left empty, it gets the name of the file.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    table: Table | None = None
    called: str = ""

    def clean(self) -> dict[str, Any]:
        """Read the table, and put each reason why there is none beside where it came from."""
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if self.errors:
            return self.cleaned_data
        if file and text:
            self.add_error("text", NOT_BOTH)
        elif file is None and not text:
            self.add_error("file", ONE_OF_TWO)
        else:
            self._read(file, text)
        return self.cleaned_data

    def _read(self, file: "UploadedFile[bytes] | None", text: str) -> None:
        raw = text.encode() if file is None else file.read(MAX_BYTES + 1)
        try:
            self.table = csv_file.read(raw, self.cleaned_data.get("label", ""))
        except NoTable as refused:
            field = "text" if file is None else "file"
            for reason in refused.reasons:
                self.add_error(field, reason)
            if refused.more:
                self.add_error(field, f"And {refused.more:,} more like these.")
        self.called = _shown(self.cleaned_data.get("name", "")) or _name_of(file)


def _name_of(file: "UploadedFile[bytes] | None") -> str:
    """The name of the file without its folder and its ending."""
    name = PurePath(file.name or "").stem if file else ""
    return _shown(name) or PASTED


def _shown(name: str) -> str:
    """Without what cannot be seen, and no longer than there is room for."""
    seen = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    return " ".join(seen.split())[:NAME_LENGTH]
