"""Small signs for a state, told apart by their shape: each stands beside the word that it repeats.

Each is drawn around (0, 0) and 20 px wide at most.
"""

from django.utils.safestring import SafeString, mark_safe

from course.drawings.svg import circle, path, rect, tag

CROSS, TICK = "M-3.5 -3.5l7 7M3.5 -3.5l-7 7", "M-4 0.5l3 3l5 -6"
LEFT_HALF = "M0 -7a7 7 0 0 0 0 14z"

SIGNS = {
    "never": circle(0, 0, 5, "sign-ring"),
    "shown": rect(-9, -9, 18, 18, "sign-wrong", rx=3) + path(CROSS, "sign-cut"),
    "overcome": circle(0, 0, 9.5, "sign-right") + path(TICK, "sign-cut"),
    "unmet": circle(0, 0, 7, "sign-ring"),
    "met": circle(0, 0, 7, "sign-ring") + circle(0, 0, 2.5, "ink-2"),
    "once": circle(0, 0, 7, "sign-ring") + path(LEFT_HALF, "ink-2"),
    "mastered": circle(0, 0, 9.5, "sign-right") + path(TICK, "sign-cut"),
}
"""never, shown, overcome: of a belief. unmet, met, once, mastered: of an objective."""


def sign(name: str) -> SafeString:
    """One of them alone, in a box of 20 px: for whoever sees it, the word stands beside it."""
    box = "-10 -10 20 20"
    drawn = tag(
        "svg", SIGNS[name], class_="sign", aria_hidden="true", width=20, height=20, viewBox=box
    )
    return mark_safe(drawn)  # noqa: S308 - made of constants
