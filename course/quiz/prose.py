"""Texts from a browser's form, as the course's files would hold them."""

from typing import Any

from django import forms
from django.db import models


class Prose(forms.CharField):
    """Ends lines with a line feed alone: forms send carriage returns along."""

    def to_python(self, value: Any) -> str:  # noqa: ANN401
        """Take the carriage returns off."""
        return str(super().to_python(value) or "").replace("\r\n", "\n").strip()


AS_IN_FILES: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.TextField: {"form_class": Prose}
}
"""For `formfield_overrides`."""
