import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.quiz.markdown import blocks, inline, sentences
from course.quiz.roles import Values

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://elsewhere.example/x.png)",
    "`</code><script>alert(1)</script>`",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "[x](data:text/html;base64,AAAA)",
    "[x](vbscript:x)",
]


def test_it_writes_code_and_numbers_of_the_run() -> None:
    values: Values = {"named_weight": "0.weight[3, 1]", "weight_before": -0.25}
    html = inline("`{probe named_weight}` was {probe weight_before .3f}", values)
    assert html == "<code>0.weight[3, 1]</code> was \N{MINUS SIGN}0.250"


def test_a_minus_in_code_is_the_one_that_python_reads() -> None:
    assert inline("`{probe x .1f}`", {"x": -1.0}) == "<code>-1.0</code>"


def test_a_value_never_becomes_markup() -> None:
    html = inline("{probe x} `{probe x}`", {"x": "<b>*a*</b>"})
    assert html == "&lt;b&gt;*a*&lt;/b&gt; <code>&lt;b&gt;*a*&lt;/b&gt;</code>"


def test_underscores_of_a_probe_are_no_emphasis() -> None:
    assert inline("{probe a_b_c} and {probe d_e_f}", {"a_b_c": 1, "d_e_f": 2}) == "1 and 2"


def test_a_sentence_without_its_number_is_left_out() -> None:
    text = "Always.\nIt was {probe a}.\nIt was {probe b}."
    assert sentences(text, {"a": 1, "b": None}) == ("Always.", "It was 1.")
    assert sentences("{probe b}", {}) == ()
    assert inline("It was {probe b}.", {"b": None}) == ""
    assert blocks("One.\n\nIt was {probe b}.", {"b": None}) == "<p>One.</p>\n"


BAD = ("<script", "<img", "<svg", 'href="javascript', 'href="data', 'href="vbscript')


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_of_an_author_or_a_value_stays_text(attack: str) -> None:
    for html in (inline(attack, {}), blocks(attack, {}), inline("{probe x}", {"x": attack})):
        lowered = html.lower()
        assert not any(tag in lowered for tag in BAD)


@given(st.text())
def test_any_text_is_rendered_and_escaped(text: str) -> None:
    html = str(inline(text, {}))
    for allowed in ("code", "em", "strong", "a"):
        html = re.sub(f'<{allowed}( href="[^"]*"( title="[^"]*")?)?>|</{allowed}>|<br />', "", html)
    assert "<" not in html
