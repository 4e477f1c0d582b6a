"""The whole way of a learner, with JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.accounts.models import User
from tests.browser.conftest import Visit
from tests.browser.rows import answers_of, figure, run_of
from tests.browser.visitor import RISES, Visitor

COMES_DOWN = "It comes down over the epochs, and rises from one batch to the next now and then."
NOTHING_MOVES = "It runs to its end, and no weight ever moves."
EACH_LESS = "Each batch costs a little less than the one before."


@pytest.fixture
def runner(visitor: Visitor) -> Visitor:
    """Somebody who has just made the calm run."""
    visitor.run()
    return visitor


def test_a_run_comes_back_without_a_new_page(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/pipeline/")
    expect(visitor.result).to_be_hidden()
    visitor.predict()
    visitor.run_button.click()
    expect(visitor.result).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("Finished. 50 updates")
    visitor.wait_for_run()
    expect(page).to_have_url(re.compile(r"/pipeline/\?run=\w{10}$"))
    run = f"GET /pipeline/?run={run_of(page).pk}"
    asked = [each for each in visitor.watch.asked if " /pipeline/" in each]
    assert asked == ["GET /pipeline/", "POST /pipeline/", run]


def test_predictions_stand_beside_what_happened(visitor: Visitor) -> None:
    visitor.page.goto("/pipeline/")
    visitor.predict(RISES, loss="0.95")
    visitor.run_button.click()
    visitor.wait_for_run()
    way, end = visitor.result.locator(".prediction").all()
    expect(way).to_contain_text(f"You said {RISES} The run {RISES}", use_inner_text=True)
    expect(way).to_contain_text("1 of 1 point")
    ended = figure(visitor.page, "last_running_loss")
    expect(end.locator("dd")).to_contain_text(
        ["0.95", ended, f"{0.95 - float(ended):.3f} too high", "0 of 1 point"]
    )
    expect(end.locator(".feedback")).to_contain_text("The run ended somewhere else.")


def test_the_rest_of_the_page_turns_to_the_run(visitor: Visitor) -> None:
    page = visitor.page
    visitor.run(epochs="4", seed="7")
    expect(page.locator("#lead")).to_contain_text("from your run")
    expect(page.locator("#training-trace > .scroll tbody tr")).to_have_count(4)
    own = page.locator("#story a.badge").filter(has_not_text="the course's")
    assert own.count() >= 5
    expect(own).to_have_text([f"run {run_of(page).badge}, seed 7"] * own.count())
    expect(visitor.ask.get_by_label("Epochs")).to_have_value("4")
    expect(visitor.ask.get_by_role("radio", checked=True)).to_have_count(0)


def test_plotly_draws_the_charts_and_the_curves_stay_for_readers(visit: Visit) -> None:
    runner = visit(plotly=True)
    runner.run()
    charts = runner.page.locator("#training-trace > .charts figure")
    expect(charts).to_have_count(2)
    for chart in charts.all():
        expect(chart.locator(".plot .main-svg").first).to_be_visible()
        expect(chart.locator(".plot")).to_have_count(1)
        expect(chart.locator(".plot")).to_have_attribute("aria-hidden", "true")
        curve = chart.locator(".chart-place > svg[role=img]")
        expect(curve).to_have_count(1)
        box = curve.bounding_box()
        assert box
        assert box["width"] <= 1
    later = runner.page.locator("#training-trace details[data-chart-later]")
    expect(later.locator(".plot")).to_have_count(0)
    later.locator("> summary").click()
    expect(later.locator(".plot .main-svg").first).to_be_visible()


def test_a_question_speaks_to_a_wrong_answer_and_opens_with_the_right_one(runner: Visitor) -> None:
    page = runner.page
    card, stage = runner.question("s1-passes"), page.locator("#data-loading")
    evidence = stage.locator(".evidence-of-stage")
    runner.answer("s1-passes", "5", "Sure")
    feedback = card.locator(".feedback.wrong")
    expect(feedback).to_be_focused()
    expect(feedback).to_contain_text("An epoch is not one pass.")
    expect(feedback).to_contain_text("You were sure")
    expect(card.locator(".option.wrong")).to_have_text(re.compile(r"5\s+Your answer"))
    expect(evidence).to_have_count(0)
    expect(card).not_to_contain_text("50")
    expect(card.locator(".feedback.wrong ~ .answer input")).to_be_visible()

    runner.answer("s1-passes", "50")
    expect(card.locator(".feedback.right")).to_be_focused()
    expect(card).to_contain_text("1 of 1 point")
    expect(evidence).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?run=\w{10}$"))


def test_show_me_opens_one_stage_without_an_answer(runner: Visitor) -> None:
    page = runner.page
    page.locator("#loss").get_by_role("link", name="Show me").click()
    expect(page.locator("#loss .evidence-of-stage")).to_be_visible()
    expect(page.locator(".evidence-of-stage")).to_have_count(1)
    expect(runner.question("s4-row-loss").get_by_role("button", name="Check")).to_be_visible()
    page.locator("#preprocessing").get_by_role("link", name="Show me").click()
    expect(page.locator("#preprocessing .evidence-of-stage")).to_be_visible()
    expect(page.locator(".evidence-of-stage")).to_have_count(2)


def test_the_closing_questions_open_the_insight(runner: Visitor) -> None:
    page = runner.page
    quiz, insight = page.locator("#quiz"), page.locator("#key-insight")
    expect(quiz).to_contain_text("0 of 3 points")
    expect(insight).to_contain_text("Opens when all questions are done.")
    _close(runner)
    expect(quiz).to_contain_text("3 of 3 points")
    expect(insight.locator(".prose")).to_be_visible()
    expect(insight.locator("a.badge")).to_have_text(f"run {run_of(page).badge}, seed 138")
    page.reload()
    expect(quiz).to_contain_text("3 of 3 points")
    expect(insight.locator(".prose")).to_be_visible()


def _close(visitor: Visitor) -> None:
    """Answer the closing questions, the first of them at the second try."""
    visitor.answer("q-progress", EACH_LESS)
    expect(visitor.question("q-progress").locator(".feedback.wrong")).to_be_focused()
    visitor.answer("q-progress", COMES_DOWN)
    expect(visitor.question("q-progress").locator(".feedback.right")).to_be_focused()
    visitor.answer("q-by-hand", figure(visitor.page, "weight_by_hand"))
    expect(visitor.question("q-by-hand").locator(".feedback.right")).to_be_focused()
    visitor.answer("q-clear", NOTHING_MOVES)
    expect(visitor.question("q-clear").locator(".feedback.right")).to_be_focused()


def test_a_run_is_listed_opened_and_taken_home(runner: Visitor, tmp_path: Path) -> None:
    page, run = runner.page, run_of(runner.page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Runs").click()
    expect(page.locator(".lead")).to_contain_text("1 so far.")
    row = page.get_by_role("row", name=run.badge)
    expect(row).to_contain_text("0.870")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Run {run.badge}")
    trace = run.load()
    assert trace
    expect(page.locator("section[aria-labelledby=receipt]")).to_contain_text(
        trace.document["digest"]
    )
    expect(page.locator(".chart-place > svg").first).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("link", name="script.py").click()
    assert coming.value.suggested_filename == f"loopwise_{run.badge}.py"
    coming.value.save_as(tmp_path / "script.py")
    compile((tmp_path / "script.py").read_text("utf-8"), "script.py", "exec")
    page.get_by_role("link", name="Open in the pipeline").click()
    expect(runner.result.get_by_role("heading", name="Your run")).to_be_visible()


def test_an_instructor_sees_the_answers_and_the_run(runner: Visitor, visit: Visit) -> None:
    runner.answer("q-progress", EACH_LESS, "Sure")
    expect(runner.question("q-progress").locator(".feedback.wrong")).to_be_visible()
    run = run_of(runner.page)
    way, end, given = answers_of(runner.page)
    assert [(each.question.slug, each.run) for each in (way, end)] == [
        ("p-falls", run),
        ("p-end", run),
    ]
    assert (way.score, end.score) == (1, 1)
    assert (given.score, given.max_score, given.confidence) == (0, 1, "sure")
    assert given.misconception == "loss-falls-always"

    page = _instructor(visit).page
    page.goto(f"/admin/quiz/answer/{given.pk}/change/")
    expect(page.locator(".field-misconception")).to_contain_text("loss-falls-always")
    expect(page.locator(".field-score")).to_contain_text("0")
    page.goto(f"/admin/trainer/run/?q={run.pk}")
    page.get_by_role("link", name=run.badge).click()
    curve = page.locator("svg[role=img]")
    expect(curve).to_be_visible()
    expect(page.get_by_text("optimizer.step()")).to_be_visible()


def _instructor(visit: Visit) -> Visitor:
    """Somebody who has signed in to the admin."""
    User.objects.create_superuser("teacher", "a-long-password")
    teacher = visit()
    page: Page = teacher.page
    page.goto("/admin/")
    page.get_by_label("Username").fill("teacher")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("link", name="Runs")).to_be_visible()
    return teacher
