"""Numbers in words, the same way everywhere on the page."""

from django.utils.safestring import SafeString

from course.quiz import markdown


def prose(text: str) -> SafeString:
    """A sentence with `code` in it, as HTML."""
    return markdown.inline(text, {})


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
