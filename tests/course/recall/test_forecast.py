"""The next days, counted; the chart, its sentence and its table say the same."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from course.recall.forecast import DAYS, chart, forecast
from tests.course.recall.conftest import MONDAY


@given(st.lists(st.integers(-90 * 24, 90 * 24).map(lambda hours: timedelta(hours=hours))))
def test_every_date_is_on_its_day_or_later_than_all(offsets: list[timedelta]) -> None:
    dues = [MONDAY + offset for offset in offsets]
    counts = forecast(dues, MONDAY)
    assert len(counts) == DAYS
    for day, count in enumerate(counts):
        that = (MONDAY + timedelta(days=day)).date()
        expected = [due for due in dues if due.date() == that or (day == 0 and due.date() < that)]
        assert count == len(expected)
    beyond = (MONDAY + timedelta(days=DAYS)).date()
    assert len(dues) - sum(counts) == sum(due.date() >= beyond for due in dues)


def test_the_chart_the_drawing_and_the_table_agree() -> None:
    counts = [2, 0, 5, *[0] * 11]
    drawn = chart(counts, 3, MONDAY)
    assert drawn
    (bars,) = drawn["figure"]["data"]
    assert (bars["type"], bars["y"]) == ("bar", counts)
    json.dumps(drawn["figure"], allow_nan=False)
    assert drawn["says"] == (
        "7 questions come back within 14 days, today included; "
        "at most 5 on one day, 25 Mar 2026; 3 later."
    )
    assert drawn["says"] in drawn["svg"]
    rows = [[cell["text"] for cell in row["cells"]] for row in drawn["table"]["rows"]]
    assert rows[0] == ["23 Mar 2026", "2"]
    assert rows[2] == ["25 Mar 2026", "5"]
    assert [int(count) for _, count in rows] == counts


def test_over_the_end_of_a_month_and_of_summer_time_days_are_days() -> None:
    start = datetime(2026, 10, 24, 23, 59, tzinfo=UTC)
    drawn = chart([1] * DAYS, 0, start)
    assert drawn
    days = [row["cells"][0]["text"] for row in drawn["table"]["rows"]]
    assert days[0] == "24 Oct 2026"
    assert days[8] == "1 Nov 2026"
    assert len(set(days)) == DAYS


def test_where_nothing_comes_there_is_no_chart() -> None:
    assert chart([0] * DAYS, 4, MONDAY) is None
