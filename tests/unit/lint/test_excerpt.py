import pytest

from voxguard.lint.excerpt import excerpt


def _pointed(line: str, column: int, most: int = 40) -> tuple[str, str]:
    """What is shown, and what stands above the caret, where one column is one character."""
    source, caret = excerpt(line, column, most)
    assert len(source) <= most
    return source, source[len(caret) - 1 :][:1]


@pytest.mark.parametrize(
    ("line", "column", "source", "caret"),
    [
        ("  a: b", 6, "  a: b", "     ^"),
        ("a", 2, "a", " ^"),
        ("", 1, "", "^"),
        ("\ta:\tb", 5, " a: b", "    ^"),
        ("日本: b", 5, "日本: b", "      ^"),
        ("e\u0301e\u0301: b", 7, "e\u0301e\u0301: b", "    ^"),
        ("👩\u200d👧: b", 6, "👩\\u200d👧: b", " " * 12 + "^"),
        ("\x1b[31m: b", 8, "\\x1b[31m: b", " " * 10 + "^"),
        ("a: b   ", 4, "a: b", "   ^"),
    ],
)
def test_the_caret_stands_under_the_column(line: str, column: int, source: str, caret: str) -> None:
    """Behind tabs, wide and combining characters, and what has to be shown as an escape."""
    assert excerpt(line, column) == (source, caret)


def test_a_line_that_fits_is_shown_whole() -> None:
    """With the caret at either end."""
    line = "x" * 39 + "y"
    assert _pointed(line, 40) == (line, "y")
    assert _pointed(line, 1) == (line, "x")


def test_of_a_long_line_the_part_round_the_column_is_shown() -> None:
    """A sign says where it goes on."""
    line = "a" * 100 + "B" + "c" * 100
    assert _pointed(line, 101) == (f"…{'a' * 19}B{'c' * 18}…", "B")
    assert _pointed(line, 1) == (f"{'a' * 39}…", "a")
    assert _pointed(line, 201) == (f"…{'c' * 39}", "c")
    assert _pointed(line, 3)[0].startswith("aaa")
    assert _pointed("a" * 10 + "B" + "c" * 100, 11) == (f"{'a' * 10}B{'c' * 28}…", "B")


def test_wide_characters_take_two_columns_of_the_room() -> None:
    """No excerpt is wider than the screen, however wide its characters are."""
    source, caret = excerpt("日" * 100 + "B" + "本" * 100, 101, 40)
    assert source == f"…{'日' * 9}B{'本' * 9}…"
    assert caret == " " * 19 + "^"


def test_a_narrow_screen_still_shows_something() -> None:
    """Twenty columns at least."""
    assert excerpt("a" * 100, 50, 0) == (f"…{'a' * 18}…", " " * 10 + "^")


def test_a_line_of_millions_takes_no_time() -> None:
    """Only the part round the column is looked at."""
    line = "x" * 5_000_000
    for column in range(1, 4_000_000, 4_000):
        assert excerpt(line, column)[0].count("x") >= 118
