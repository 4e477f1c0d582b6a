"""Minutes come from what there is to read and to answer, and grow with it."""

from hypothesis import given
from hypothesis import strategies as st

from course.lessons.minutes import QUESTION_SECONDS, WORDS_PER_MINUTE, minutes, words
from course.quiz.content import Content, Option

ASKED = Content(
    kind="choice",
    prompt="Which line moves the weights?",
    explanation="Only `optimizer.step()` does.",
    options=(Option("a", text="The first one."), Option("b", text="None of them.")),
)


def test_it_counts_what_is_read_and_nothing_else() -> None:
    text = """\
## Two words

{figure cross-entropy}
{question l-one}
- {when updates > 0} It made {probe updates} updates, and **ended** at {probe last_loss .3f}.

`optimizer.step()` moves - and nothing else does.
"""
    assert words(text) == 2 + 8 + 6
    assert words("") == 0


def test_it_is_a_round_number_of_minutes_and_at_least_one() -> None:
    assert minutes("", []) == 1
    assert minutes("word " * WORDS_PER_MINUTE * 3, []) == 3
    assert minutes("word " * (WORDS_PER_MINUTE * 3 + 1), []) == 4


def test_a_question_takes_its_words_and_the_time_to_answer() -> None:
    full = "word " * (WORDS_PER_MINUTE - 14)
    assert words(ASKED.prompt) + words(ASKED.explanation) + 6 == 14
    assert minutes(full, [ASKED]) == 1 + QUESTION_SECONDS // 60
    assert minutes(full + "more", [ASKED]) == 2 + QUESTION_SECONDS // 60


@given(st.text(), st.text(), st.integers(0, 5))
def test_more_never_takes_less(text: str, more: str, count: int) -> None:
    assert minutes(f"{text}\n\n{more}", [ASKED] * count) >= minutes(text, [])
    assert minutes(text, [ASKED] * (count + 1)) > minutes(text, [ASKED] * count)
