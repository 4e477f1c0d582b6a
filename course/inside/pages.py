"""What the pages inside a run share: addresses with a query, long lists in parts."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page

Query = Sequence[tuple[str, Any]]


def address(path: str, query: Query, part: str = "") -> str:
    """The page as that query asks for it, at one of its parts."""
    found = f"{path}?{urlencode(query)}" if query else path
    return f"{found}#{part}" if part else found


def turning(page: Page[Any], path: str, query: Query, part: str) -> dict[str, Any] | None:
    """Links to the pages around one of a list; None where it is the only one."""
    if not page.has_other_pages():
        return None

    def at(number: int) -> str:
        return address(path, [*query, ("page", number)], part)

    return {
        "number": page.number,
        "count": page.paginator.num_pages,
        "before": at(page.previous_page_number()) if page.has_previous() else "",
        "after": at(page.next_page_number()) if page.has_next() else "",
    }
