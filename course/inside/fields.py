"""Fields that pages inside a run share: whole numbers within bounds, numbers that a model takes."""

import math

from django import forms

from course.drawings.numerals import MINUS
from course.quiz.kinds.base import BadResponseError
from course.quiz.kinds.number import read_number

MAX_DIGITS = 6


def whole(label: str) -> forms.CharField:
    """A field for a whole number; `within` reads it."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=40, widget=widget)


def decimal(label: str, **attributes: str) -> forms.CharField:
    """A field for any number; `read` reads it."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", **attributes})
    return forms.CharField(label=label, required=False, max_length=60, widget=widget)


def within(given: str, low: int, high: int, of: str) -> int:
    """A whole number within bounds. Raises `ValidationError` with a sentence."""
    text = given.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else -1
    if not low <= number <= high:
        raise forms.ValidationError(f"Must be a whole number from {low} to {high}: {of}.")
    return number


def read(given: str, most: float = math.inf) -> float:
    """A number as the course's questions read it. Raises `ValidationError` with a sentence."""
    try:
        value = read_number(given)
    except BadResponseError as refused:
        raise forms.ValidationError(str(refused)) from refused
    if not abs(value) <= most:
        raise forms.ValidationError(f"Must be between {MINUS}{most:,.0f} and {most:,.0f}.")
    return value
