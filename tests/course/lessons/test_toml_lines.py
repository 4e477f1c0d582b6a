"""Lines of values, with the standard library's reader as the judge of what the values are."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from course.lessons.toml_lines import Place, TomlLines
from course.quiz.prose import toml

SAMPLE = '''\
# A comment with a key = "in it".
title = "One" # and one behind
long = """

First {line}.
Second \\""" = line.
other = "not a key"
"""
literal = \'\'\'
key = 1
\'\'\'
count = 3

[[question]]
slug = "a"

[[question.choice]]
name = "x"
[[question.choice]]
name = "y"

[[question]]
slug = "b"
[[question.choice]]
"name" = "z"
text = """one row"""

[table]
key = 2
'''


def row(*place: str | int, of_text: int = 1) -> str:
    return SAMPLE.split("\n")[TomlLines(SAMPLE).line(place, of_text) - 1]


def test_a_value_is_found_where_its_key_stands() -> None:
    assert tomllib.loads(SAMPLE)
    assert row("title").startswith("title")
    assert row("count") == "count = 3"
    assert row("question", 0, "choice", 1, "name") == 'name = "y"'
    assert row("question", 1, "choice", 0, "name") == '"name" = "z"'
    assert row("question", 1, "choice", 0, "text") == 'text = """one row"""'
    assert row("table", "key") == "key = 2"


def test_a_line_of_a_text_is_found_without_the_empty_ones_before_it() -> None:
    assert row("long") == "First {line}."
    assert row("long", of_text=2) == 'Second \\""" = line.'
    assert row("long", of_text=99) == '"""'
    assert row("literal") == "key = 1"


def test_a_table_is_its_header_and_what_is_missing_belongs_to_its_table() -> None:
    assert row("question", 1, "kind") == "[[question]]"
    assert TomlLines(SAMPLE).line(("question", 1, "kind")) == TomlLines(SAMPLE).line(
        ("question", 1)
    )
    assert row("question", 1, "choice", 0, "feedback", of_text=4) == "[[question.choice]]"
    assert TomlLines(SAMPLE).line(("nothing", 3)) == 1
    assert TomlLines("").line(("title",)) == 1


@given(
    st.lists(
        st.dictionaries(
            st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
            st.text(st.sampled_from("ab\"'\\\n=[]# \t")).filter(str.strip)
            | st.integers()
            | st.booleans(),
            min_size=1,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_key_of_any_file_is_found(tables: list[dict[str, Any]]) -> None:
    source = "".join(f"[[question]]\n{toml(table)}" for table in tables)
    rows, lines = source.split("\n"), TomlLines(source)
    for index, table in enumerate(tables):
        for name, value in table.items():
            place: Place = ("question", index, name)
            long = isinstance(value, str) and "\n" in value
            first = lines.line(place)
            if not long:
                assert rows[first - 1].startswith(f"{name} = ")
                assert tomllib.loads(rows[first - 1]) == {name: value}
            else:
                blank = value[: len(value) - len(value.lstrip())].count("\n")
                assert f"{name} = " in "\n".join(rows[: first - 1 - blank]).rsplit("\n", 1)[-1]
