"""Numbers in words, the same way everywhere on the page."""

import re
from html import escape

from django.utils.safestring import SafeString, mark_safe

_CODE = re.compile(r"`([^`]+)`")


def prose(text: str) -> SafeString:
    """A sentence with `code` in it, as HTML.

    No other mark means anything here: a column may be called `*x*` or `[x](y)`.
    """
    parts = _CODE.split(escape(text))
    parts[1::2] = [f"<code>{code}</code>" for code in parts[1::2]]
    return mark_safe("".join(parts))  # noqa: S308 - all of it went through escape


def capital(words: str) -> str:
    """Words as a sentence begins with them; names among them keep their letters."""
    return words[:1].upper() + words[1:]


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
