"""Files of learners: any bytes are a table within the limits, or reasons with their rows."""

import csv
import io
import tracemalloc
from collections import Counter
from itertools import cycle, islice
from unicodedata import category

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trainer.engine import csv_file
from trainer.engine.csv_file import MAX_BYTES, MAX_NAME, MOST_REASONS, NoTable, read
from trainer.engine.table import Table

FULL_WIDTH = "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}"
HEAD = "width,height,kind\n"


def rows(count: int = 40, classes: str = "xy") -> list[str]:
    return [f"{row},{row}.5,{classes[row % len(classes)]}" for row in range(count)]


def file(*lines: str, head: str = HEAD) -> bytes:
    return (head + "\n".join(lines) + "\n").encode()


def outcome(raw: bytes) -> Table | NoTable:
    """What comes of a file, whichever it is."""
    try:
        return read(raw)
    except NoTable as refused:
        return refused


def reasons(raw: bytes, label: str = "") -> list[str]:
    with pytest.raises(NoTable) as refused:
        read(raw, label)
    return refused.value.reasons


def with_cell(cell: str, row: int = 3) -> bytes:
    """A good file but for the width in one row, as spreadsheets count rows."""
    lines = rows()
    lines[row - 2] = ",".join((cell, *lines[row - 2].split(",")[1:]))
    return file(*lines)


# -- what is read ----------------------------------------------------------------------------


def test_it_reads_names_numbers_and_classes() -> None:
    table = read(file(*rows()))
    assert (table.features, table.label) == (("width", "height"), "kind")
    assert table.classes == ("x", "y")
    assert table.rows[:2] == ((0.0, 0.5, 0.0), (1.0, 1.5, 1.0))
    assert table.counts() == {"x": 20, "y": 20}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_the_file_s(separator: str, ends: str) -> None:
    text = file(*rows()).decode().replace(",", separator).replace("\n", ends)
    assert read(text.encode()) == read(file(*rows()))


def test_what_excel_puts_before_utf_8_is_no_part_of_the_first_name() -> None:
    assert read(b"\xef\xbb\xbf" + file(*rows())) == read(file(*rows()))


def test_quotes_blanks_and_blank_lines_are_no_part_of_it() -> None:
    quoted = [" , ".join(line.split(",")) for line in rows()]
    quoted[3] = '"3","3.5","y"'
    assert read(file("", *quoted, "", "  ")) == read(file(*rows()))


def test_another_column_may_be_the_class() -> None:
    lines = [f"{'ab'[row % 2]},{row},{row * 2}" for row in range(30)]
    table = read(file(*lines, head="side,one,two\n"), "side")
    assert (table.features, table.label, table.classes) == (("one", "two"), "side", ("a", "b"))
    assert table.rows[3] == (3.0, 6.0, 1.0)


def test_classes_that_are_numbers_are_in_the_order_of_numbers() -> None:
    lines = [f"{row},{(10, 9, 2)[row % 3]}" for row in range(30)]
    assert read(file(*lines, head="a,b\n")).classes == ("2", "9", "10")


@pytest.mark.parametrize(
    "cell", ["+1.5", "999999999999999", "-.5", "1e3", "1E-3", "007", "5.", "-0"]
)
def test_these_are_numbers(cell: str) -> None:
    assert read(with_cell(cell)).rows[1][0] == float(cell)


# -- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("abc", "'abc' is no number"),
        ("", "'' is no number: the value is missing"),
        ("1_000", "'1_000' is no number"),
        (FULL_WIDTH, f"'{FULL_WIDTH}' is no number"),
        ("0x10", "'0x10' is no number"),
        ("nan", "'nan' is no number: leave out rows that lack a value"),
        ("-inf", "'-inf' is no number: leave out rows that lack a value"),
        ("1e15", "'1e15' is too large: 15 digits before the point are the limit"),
        ("-1e999", "'-1e999' is too large: 15 digits before the point are the limit"),
        ("1\x00", "'1?' is no number"),
        ("\ufeff1", "'?1' is no number"),
        ("<b>1</b>", "'<b>1</b>' is no number"),
        ("=1+1", "'=1+1' is no number"),
        ("9" * 25, f"'{'9' * 20}…' is too large: 15 digits before the point are the limit"),
        ("9" * 5000, f"'{'9' * 20}…' is no number"),
    ],
)
def test_a_bad_value_is_told_with_its_row_and_column(cell: str, why: str) -> None:
    assert reasons(with_cell(cell, row=17)) == [f"Row 17, column width: {why}."]


def test_a_decimal_comma_is_told_apart() -> None:
    text = file(*rows()).decode().replace(",", ";").replace(".5", ",5")
    first, *others = reasons(text.encode())
    assert first == "Row 2, column height: '0,5' is no number here: write it with a point."
    assert len(others) == MOST_REASONS - 1


def test_a_row_of_another_length_is_told() -> None:
    lines = rows()
    lines[15] += ",5"
    lines[20] = "1"
    assert reasons(file(*lines)) == [
        "Row 17 has 4 values, the header has 3.",
        "Row 22 has 1 value, the header has 3.",
    ]


def test_rows_are_counted_with_the_blank_ones() -> None:
    lines = [*rows(), "", "no,1,x"]
    assert reasons(file(*lines)) == ["Row 43, column width: 'no' is no number."]


def test_the_first_reasons_are_told_and_the_others_counted() -> None:
    with pytest.raises(NoTable) as refused:
        read(file(*["a,b,x"] * 40))
    assert (len(refused.value.reasons), refused.value.more) == (MOST_REASONS, 80 - MOST_REASONS)


HEADS = [
    ("width,width,kind", "2 columns are called 'width'"),
    ("width,,kind", "Name 2 in the first row is empty"),
    (f"width,{'n' * (MAX_NAME + 1)},kind", "Name 2 in the first row is longer than 40 characters"),
    ("width,he\x00ight,kind", "Name 2 in the first row holds a character that cannot be shown"),
    ("width,he\u202eight,kind", "Name 2 in the first row holds a character that cannot be shown"),
    ("width,`x`,kind", "Name 2 in the first row holds a character that cannot be shown"),
    ('width,"a\nb",kind', "Name 2 in the first row holds a character that cannot be shown"),
    ("1,2,3", "The first row holds numbers only"),
    ("kind", "The first row names one column only"),
    (",".join(f"n{index}" for index in range(66)), "There are 66 columns: 64 and a class"),
]


@pytest.mark.parametrize(("head", "why"), HEADS)
def test_a_bad_line_of_names_is_told(head: str, why: str) -> None:
    (reason,) = reasons(file(*rows(), head=head + "\n"))
    assert reason.startswith(why)


def test_a_class_column_that_is_not_there_is_told() -> None:
    assert reasons(file(*rows()), "colour") == ["No column is called 'colour'."]


def test_rows_and_classes_have_bounds() -> None:
    assert read(file(*rows(30))).rows
    assert read(file(*rows(1500))).rows
    assert "are 29 rows below" in reasons(file(*rows(29)))[0]
    assert "are 1,501 rows below" in reasons(file(*rows(1501)))[0]
    assert len(read(file(*rows(50, "abcdefghij"))).classes) == 10
    assert "has 11 different values" in reasons(file(*rows(55, "abcdefghijk")))[0]
    assert "has 1 different value:" in reasons(file(*rows(30, "a")))[0]
    rare = file(*rows(36), *["1,2,rare"] * 4)
    assert reasons(rare) == ["Class 'rare' stands in 4 rows: each class needs 5."]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "There is nothing in it."),
        (b"\xef\xbb\xbf \n\n", "There is nothing in it."),
        (b"<!doctype html><html><body>a,b</body></html>", "This looks like a web page"),
        (b"<?xml version='1.0'?>", "This looks like a web page"),
        ("a,b\n1,2".encode("utf-16"), "Row 1 is not UTF-8 text."),
        (file(*rows()) + b"1,2,\xff", "Row 42 is not UTF-8 text."),
        (b"a," * 150_000, "The file is too large: 200 KB"),
        (b'a,b\n"1,2\n3,4', "Row 2 or one after it cannot be read"),
        (b"a,b\n" + b"1" * 150_000, "Row 2 or one after it cannot be read"),
        (b"PK\x03\x04" + b"\x00" * 99, "The first row names one column only."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_table_at_all_is_told(raw: bytes, why: str) -> None:
    assert reasons(raw)[0].startswith(why)


def test_a_file_full_of_mistakes_costs_little_memory() -> None:
    worst = file(*["x"] * 99_000)[:MAX_BYTES]
    tracemalloc.start()
    with pytest.raises(NoTable):
        read(worst)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * 2**20


# -- properties ------------------------------------------------------------------------------


@given(raw=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_a_table_or_reasons(raw: bytes) -> None:
    found = outcome(raw)
    if isinstance(found, NoTable):
        assert 1 <= len(found.reasons) <= MOST_REASONS
        assert all("\x00" not in reason for reason in found.reasons)


@given(
    start=st.integers(0, 900),
    junk=st.binary(min_size=1, max_size=6) | st.sampled_from([b'"', b"\r", b";;", b"\t", b"\x00"]),
)
def test_so_is_a_table_with_junk_in_it(start: int, junk: bytes) -> None:
    good = file(*rows(60))
    found = outcome(good[:start] + junk + good[start:])
    if isinstance(found, NoTable):
        assert found.reasons
    else:
        assert len(found.classes) in range(2, 11)
        assert Table.of(found.text()) == found


shown = st.characters().filter(lambda each: category(each) not in csv_file.UNSEEN and each != "`")
words = st.text(shown, min_size=1, max_size=MAX_NAME).map(str.strip).filter(bool)
numbers = st.floats(-1e15, 1e15, exclude_min=True, exclude_max=True) | st.integers(-999, 999).map(
    float
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table within the limits, but for their number of rows."""
    names = draw(st.lists(words, min_size=2, max_size=5, unique=True))
    classes = sorted(draw(st.lists(words.filter(_no_number), min_size=2, max_size=4, unique=True)))
    pool = cycle([value + 0.0 for value in draw(st.lists(numbers, min_size=1, max_size=11))])
    rows = tuple(
        (*islice(pool, len(names) - 1), float(index % len(classes)))
        for index in range(draw(st.integers(30, 40)))
    )
    return Table(tuple(names[:-1]), names[-1], tuple(classes), rows)


def _no_number(word: str) -> bool:
    return not any(each.isdigit() for each in word)


def written(table: Table, separator: str) -> bytes:
    """The table as Python's own writer puts it into a file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow([*table.features, table.label])
    for *values, place in table.rows:
        writer.writerow([*map(repr, values), table.classes[int(place)]])
    return text.getvalue().encode()


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(table=tables(), separator=st.sampled_from(",;\t"))
def test_a_table_that_is_written_is_read_as_it_was(table: Table, separator: str) -> None:
    if min(Counter(row[-1] for row in table.rows).values()) < csv_file.MIN_OF_CLASS:
        return
    if all(_is_number(name) for name in (*table.features, table.label)):
        return
    assert read(written(table, separator)) == table


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True


@given(table=tables())
def test_its_spelling_is_one_and_says_all_of_it(table: Table) -> None:
    text = table.text()
    assert text.isascii()
    assert len(text.splitlines()) == len(table.rows) + 1
    assert Table.of(text) == table
    assert Table.of(text).text() == text
