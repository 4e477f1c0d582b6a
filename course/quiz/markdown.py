"""Short Markdown texts with numbers of the run in them, as safe HTML.

HTML in a text is escaped, images are not loaded, and a probe's value is put in after parsing, so
that it can never become markup.
"""

from functools import lru_cache

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from course.quiz import roles
from course.quiz.roles import Value, Values

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline"])


def inline(text: str, values: Values) -> SafeString:
    """One line of Markdown; nothing where a value that it asks for is absent."""
    if not roles.present(text, values):
        return SafeString("")
    # 1 and 1.0 are equal, but are not written alike: the type is part of what is remembered.
    wanted = ((name, values[name], type(values[name])) for name in sorted(roles.names(text)))
    return _inline(text, tuple(wanted))


@lru_cache(maxsize=1024)
def _inline(text: str, wanted: tuple[tuple[str, Value, type], ...]) -> SafeString:
    """Remembered, because a page asks for the same lines again and again."""
    return _rendered(_MARKDOWN.parseInline(text), {name: value for name, value, _ in wanted})


def blocks(text: str, values: Values) -> SafeString:
    """Paragraphs and lists; a line that asks for a value that is absent is left out."""
    lines = (line for line in text.splitlines() if roles.present(line, values))
    return _rendered(_MARKDOWN.parse("\n".join(lines)), values)


def sentences(text: str, values: Values) -> tuple[SafeString, ...]:
    """One sentence per line, without those that ask for a value that is absent."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(inline(line, values) for line in lines if line and roles.present(line, values))


def _rendered(tokens: list[Token], values: Values) -> SafeString:
    for token in tokens:
        for child in token.children or []:
            _fill(child, values)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    # The renderer escapes all text, and the parser makes no HTML of its input.
    return SafeString(html)


def _fill(token: Token, values: Values) -> None:
    """Put the values into a piece of text. In code a minus is Python's, in prose a real one."""
    if token.type == "code_inline":
        token.content = roles.fill(token.content, values, minus="-")
    elif token.type == "text":
        token.content = roles.fill(token.content, values)
