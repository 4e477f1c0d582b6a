import json
from itertools import permutations

import pytest
from django.core import signing
from django.utils.http import urlsafe_base64_decode
from hypothesis import given
from hypothesis import strategies as st

from course.quiz import tokens
from course.quiz.tokens import BadTokenError, Token

NAMES = ["right", "wrong-a", "wrong-b", "wrong-c"]


def test_a_token_is_read_as_it_was_made() -> None:
    token = Token(version=3, run="abc", attempt=2, learner=7, order=(2, 0, 1))
    assert Token.read(token.signed()) == token


@given(st.text(max_size=500))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadTokenError):
        Token.read(text)


def test_a_changed_token_is_refused() -> None:
    signed = Token(version=3, run="abc", attempt=2, learner=7, order=()).signed()
    for place in range(len(signed)):
        other = "A" if signed[place] != "A" else "B"
        changed = f"{signed[:place]}{other}{signed[place + 1 :]}"
        if changed != signed:
            with pytest.raises(BadTokenError):
                Token.read(changed)


def test_a_token_of_another_purpose_is_refused() -> None:
    with pytest.raises(BadTokenError):
        Token.read(signing.dumps([1, "", 1, 0, []], salt="another"))


def test_every_order_is_pinned() -> None:
    for shown in permutations(NAMES):
        order = tokens.places(shown, 5)
        assert tokens.names(order, NAMES, 5) == list(shown)
        assert tokens.names(order, NAMES[::-1], 5) == list(shown)


@pytest.mark.parametrize("order", [(), (0, 1, 2), (0, 0, 1, 2), (0, 1, 2, 4)])
def test_an_order_that_does_not_fit_is_refused(order: tuple[int, ...]) -> None:
    with pytest.raises(BadTokenError):
        tokens.names(order, NAMES, 5)


def test_a_token_tells_neither_names_nor_the_order_of_the_author() -> None:
    """Authors write the right option first: its place in the token must say nothing."""
    places = set()
    for version in range(40):
        signed = Token(1, "", 1, 0, tokens.places(NAMES, version)).signed()
        seen = json.loads(urlsafe_base64_decode(signed.split(":")[0]))
        assert "right" not in signed
        places.add(seen[-1][0])
    assert places == {0, 1, 2, 3}


def test_learners_see_options_in_orders_of_their_own() -> None:
    orders = {tuple(tokens.shuffled(NAMES, 1, learner)) for learner in range(200)}
    assert len(orders) == 24
    assert tokens.shuffled(NAMES, 1, 5) == tokens.shuffled(NAMES[::-1], 1, 5)
