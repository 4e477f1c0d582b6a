"""What a stage of the page consists of."""

from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from course.lessons.pipeline.tables import Table


@dataclass(slots=True)
class Section:
    """A stage: claim, prose, `given` and `drawing` at once, the rest after the question.

    Texts are Markdown of one line; `tall` drawings are for narrow screens.
    """

    slug: str
    claim: str
    prose: list[str]
    given: Table | None = None
    drawing: SafeString | str = ""
    drawing_tall: SafeString | str = ""
    evidence: list[str] = field(default_factory=list)
    figure: SafeString | str = ""
    tall: SafeString | str = ""
    caption: str = ""
    table: Table | None = None
