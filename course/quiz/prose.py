"""Texts as the course's files hold them, wherever they come from, and how a file spells them."""

from collections.abc import Mapping
from typing import Any

import tomli_w
from django import forms
from django.db import models

BLOCKS = {"hints", "nudge", "explanation", "otherwise", "feedback", "key_insight"}
"""Texts of several sentences, a line each: spelled as a block even where there is only one."""


class Prose(forms.CharField):
    """Ends lines with a line feed alone: forms send carriage returns along."""

    def to_python(self, value: Any) -> str:  # noqa: ANN401
        """Take the carriage returns off."""
        return plain(str(super().to_python(value) or ""))


AS_IN_FILES: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.TextField: {"form_class": Prose}
}
"""For `formfield_overrides`."""


def plain(text: str) -> str:
    """Line feeds between the lines, and nothing around them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def toml(table: Mapping[str, Any]) -> str:
    """A table that holds no other, as TOML."""
    spelled = {
        name: f"{value}\n" if name in BLOCKS or "\n" in str(value) else value
        for name, value in table.items()
    }
    return tomli_w.dumps(spelled, multiline_strings=True)
