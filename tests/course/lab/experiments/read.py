"""The experiments of the course's files, by name; and some that nobody wrote."""

from hypothesis import strategies as st

from course.lab.experiments.content import ExperimentFile
from course.lessons import files
from course.quiz.misconceptions import BELIEFS
from tests.course.quiz.conftest import CONTENT
from trainer.engine.comparisons import COMPARISONS

EXPERIMENTS = {tried.name: tried for folder in files.read(CONTENT) for tried in folder.experiments}

_HARD = st.sampled_from(['"', '"""', "'", "\\", "\n", "\n\n", "\t", "#", "= [", "\x7f", "é"])
_WORDS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\r{")
_TEXTS = st.lists(_HARD | st.text(_WORDS, max_size=8), max_size=8).map("".join).map(str.strip)
_SAID = _TEXTS.filter(bool)
_PLAIN = [name for name, each in COMPARISONS.items() if not each.takes]
_SPECS = (
    {"lr": 0.5, "optimizer": "sgd"},
    {"alterations": "outlier", "rows": 50, "batch_size": 7},
    {"dataset": "iris"},
)
_LINES = ("", "forward,loss", "init_seed, model,\nfor_epoch, for_batch, forward")


@st.composite
def experiments(draw: st.DrawFn) -> ExperimentFile:
    """An experiment on losses that may be shown, with texts that are hard to spell."""
    options = tuple(draw(st.lists(_SAID, min_size=2, max_size=4)))[: draw(st.sampled_from([0, 4]))]
    low = draw(st.none() | st.floats(-1e300, 1e300))
    high = draw(st.floats(-1e300 if low is None else low, 1e300))
    return ExperimentFile(
        name=draw(st.from_regex(r"[-a-z0-9]{1,20}", fullmatch=True)),
        stage="loss",
        order=1,
        misconception=draw(st.sampled_from(sorted(BELIEFS))),
        title=draw(st.from_regex(r"[A-Za-z\"'#\\][^\0\r\n]{0,90}[a-z.]", fullmatch=True)),
        question=draw(_SAID),
        belief=draw(_SAID),
        comparison=draw(st.sampled_from(_PLAIN)),
        look=draw(_SAID),
        truth=draw(_SAID),
        options=options,
        answer=draw(st.integers(1, len(options))) if options else 0,
        spec=draw(st.sampled_from(_SPECS)),
        spec_without={"epochs": draw(st.integers(1, 4))},
        lines=draw(st.sampled_from(_LINES)),
        without=draw(st.sampled_from(_LINES)),
        at_least=low,
        at_most=high,
        shows_in=draw(st.integers(1, 20)),
    )
