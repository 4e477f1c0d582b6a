"""Every belief of the catalogue has an experiment, or a reason why there is none."""

import re

from course.quiz.misconceptions import BELIEFS
from tests.course.lab.experiments.read import EXPERIMENTS
from tests.sources import ROOT
from trainer.engine.comparisons import COMPARISONS, split

PAGE = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
REASONS = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", PAGE, re.MULTILINE))


def test_every_belief_is_put_to_the_test_or_has_a_reason() -> None:
    tried = {each.misconception for each in EXPERIMENTS.values()}
    assert tried | set(REASONS) == set(BELIEFS)
    assert not tried & set(REASONS)
    assert all(len(reason) > 20 for reason in REASONS.values())


def test_every_comparison_is_used() -> None:
    assert {split(each.comparison)[0] for each in EXPERIMENTS.values()} == set(COMPARISONS)
