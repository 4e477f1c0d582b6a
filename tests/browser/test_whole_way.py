"""A learner from the first visit to the day after: run, predict, answer, sign up, recall."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from course.accounts.models import User
from course.quiz.models import Answer
from course.recall.models import Review
from tests.browser.conftest import Tomorrow, Visit
from tests.browser.test_account import PASSWORD
from tests.browser.visitor import Visitor
from trainer.engine import probes
from trainer.models import Run


def passes_of_the_run_asked_about(visitor: Visitor) -> str:
    """The right number for the run that stands beside the question."""
    href = visitor.page.locator("#recall .badge").first.get_attribute("href")
    found = re.search(r"/runs/(\w{10})/", href or "")
    assert found, href
    trace = Run.objects.select_related("trace").get(pk=found[1]).load()
    assert trace
    return str(probes.probe("steps_planned", trace))


def recall_all(visitor: Visitor) -> list[str]:
    """Answer what is due, the one about passes rightly; the questions in their order."""
    page, asked = visitor.page, list[str]()
    page.goto("/recall/")
    while page.get_by_role("heading", name=re.compile(r"questions? (is|are) due")).count():
        card = page.locator("article.question")
        asked.append((card.get_attribute("id") or "").removeprefix("q-"))
        card.get_by_role("radio", name="Fairly").check(force=True)
        field = card.locator("input[name=response][type=text]")
        if field.count():
            is_counted = asked[-1] == "s1-passes"
            field.fill(passes_of_the_run_asked_about(visitor) if is_counted else "0.4")
        else:
            card.locator("input[name=response]").first.check()
        card.get_by_role("button", name="Check").click()
        expect(page).to_have_url(re.compile(r"/recall/answers/\d+/$"))
        page.goto("/recall/")
    return asked


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_the_first_visit_to_the_day_after(
    visit: Visit, clock: Tomorrow, *, scripts: bool
) -> None:
    visitor = visit(java_script_enabled=scripts)
    page, name = visitor.page, f"whole-way-{scripts}".lower()

    # A guest runs the loop, having predicted, and meets both predictions again.
    visitor.run()
    expect(visitor.result.locator(".prediction")).to_have_count(2)
    # A hint, a wrong answer that was sure, and the right one.
    card = visitor.question("s1-passes")
    card.get_by_role("button", name=re.compile("Show a hint")).click()
    expect(card.locator(".hints")).to_contain_text("Begin with a single epoch")
    visitor.answer("s1-passes", "50")
    reply = card.locator(".feedback.right")
    expect(reply).to_contain_text("Marked by certainty: 2 of 2")
    expect(reply).to_contain_text("You took 1 hint.")

    # From guest to account: all of it comes along.
    page.goto("/account/sign-up/")
    for field, text in (("username", name), ("password1", PASSWORD), ("password2", PASSWORD)):
        page.locator(f"main [name={field}]").fill(text)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("status").first).to_contain_text("is yours")
    page.goto("/recall/")
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()

    # Days later all comes back, on other runs; what is right again is mastered.
    clock.by = timedelta(days=4)
    asked = recall_all(visitor)
    assert len(asked) == 3
    assert "s1-passes" in asked
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
    learner = User.objects.get(username=name)
    again = Answer.objects.get(learner=learner, question__slug="s1-passes", mode="recall")
    assert again.correct
    assert Review.objects.filter(memory__learner=learner).count() == 6
    page.goto("/progress/objectives/")
    stage = page.locator(".standing-part.stage-1")
    expect(stage.locator("summary")).to_contain_text("1 of 6 mastered")
    page.goto("/progress/certainty/")
    expect(page.locator("main")).to_contain_text("First answers with a confidence")
