"""A form as the visitor would send it."""

from bench.visitor import GUESS, form_of

PAGE = """
<form id="other"><input name="nonce" value="no"></form>
<form id="ask" method="post">
  <input type="hidden" name="csrfmiddlewaretoken" value="a&amp;b">
  <input type="hidden" name="prediction-p-falls-token" value="t1">
  <input type="radio" name="prediction-p-falls" value="1"> <input type="radio"
    name="prediction-p-falls" value="2">
  <input name="prediction-p-end"> <input name="lr" value="0.02"> <input name="rows" value="">
  <select name="optimizer"><option value="sgd">sgd</option>
    <option value="adam" selected>adam</option></select>
  <button type="submit">Run</button>
</form>
<form id="after"><input name="nonce" value="no"></form>
"""


def test_the_form_is_read_and_its_predictions_filled_in() -> None:
    assert form_of(PAGE) == {
        "csrfmiddlewaretoken": "a&b",
        "prediction-p-falls-token": "t1",
        "prediction-p-falls": "1",
        "prediction-p-end": GUESS,
        "lr": "0.02",
        "rows": "",
        "optimizer": "adam",
    }
