"""Ids of what people make: they cannot be guessed, and are read out without a mistake."""

import re
import secrets

# No vowels, so that chance spells no word; no character that is read as another.
ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
ID_LENGTH = 10
IS_ID = re.compile(f"[{ID_ALPHABET}]{{{ID_LENGTH}}}")


def new_id() -> str:
    """Draw the id of a run; it cannot be guessed."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))
