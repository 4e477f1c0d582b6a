"""The forms of a page, as a browser reads them: what it would send if nothing were changed."""

from html.parser import HTMLParser

MARKED = ("radio", "checkbox")
"""Inputs that are sent only when they are marked."""


class Form(dict[str, str]):
    """Fields of a form as a browser would send them, unchanged. `about` are its attributes."""

    def __init__(self, about: dict[str, str]) -> None:
        super().__init__()
        self.about = about


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given)
            self.found.append(self._form)
        elif self._form is not None:
            self._field(tag, given, self._form)

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in form):
            form[self._select] = given["value"]
        elif tag == "input" and name and ("checked" in given or given.get("type") not in MARKED):
            form[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def forms(page: bytes) -> list[Form]:
    """Every form of a page, in order."""
    parser = _Forms()
    parser.feed(page.decode())
    return parser.found


def form_of(page: bytes, **about: str) -> Form:
    """The one form with these attributes."""
    (found,) = (
        form
        for form in forms(page)
        if all(form.about.get(name) == value for name, value in about.items())
    )
    return found
