"""What a form sends as one answer: the values of a field, and of those within it, one to a line."""

from collections.abc import Mapping

from django.utils.datastructures import MultiValueDict

Form = Mapping[str, str]


def sent(form: Form, field: str) -> str:
    """The values of `field`, and of `field.anything`, in the order in which they were sent."""
    mine = [name for name in form if name == field or name.startswith(f"{field}.")]
    return "\n".join(value for name in mine for value in _values(form, name))


def _values(form: Form, name: str) -> list[str]:
    """All of them: a form may send several under one name, a plain mapping has one."""
    return form.getlist(name) if isinstance(form, MultiValueDict) else [form[name]]
