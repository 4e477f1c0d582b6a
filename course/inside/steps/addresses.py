"""Addresses of states: a step of a run, a line in it, and the tensor that is looked at."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

LAST = "last"
"""In place of a number: the last line of a step."""


@dataclass(frozen=True, slots=True)
class Address:
    """A state. at: a line of the program, for who does not know its place in that step."""

    run: str
    step: int
    line: str = ""
    at: str = ""
    tensor: str = ""

    def __str__(self) -> str:
        """The page's address."""
        path = reverse("step", args=[self.run, self.step])
        asked = {"line": self.line, "at": self.at, "tensor": self.tensor}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" if query else path
