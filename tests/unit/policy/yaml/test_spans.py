import pytest

from voxguard.policy.yaml import plain_spans


def _found(text: str, *positions: tuple[int, int]) -> list[tuple[str, str]]:
    """What each span says, and what stands there."""
    return [(span.text, text[span.start : span.end]) for span in plain_spans(text, positions)]


def test_spans_are_those_of_the_positions() -> None:
    """In the order of the text, values and keys, whatever is beside them."""
    text = "a: 5  # 6\nb: {c: [7, 8], 日本: 9}\n"
    assert _found(text, (2, 20), (1, 4), (2, 9)) == [("5", "5"), ("7", "7"), ("9", "9")]
    assert _found(text, (2, 1)) == [("b", "b")]
    assert _found(text, (9, 9)) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(newline: str) -> None:
    """Positions count lines, spans count characters."""
    text = newline.join(["# é", "a:", "  - 5", "  - 😀", "  - 6", ""])
    assert _found(text, (3, 5), (4, 5), (5, 5)) == [(one, one) for one in ("5", "😀", "6")]


def test_behind_an_anchor_is_the_value() -> None:
    """It is found where it stands, the anchor is where it is looked for."""
    text = "a: &x   5\nb: &y  # note\n  6\nc: *x\n"
    assert _found(text, (1, 4), (2, 4), (4, 4)) == [("5", "5"), ("6", "6")]


def test_other_scalars_are_left_out() -> None:
    """What is quoted, and what goes over several lines, cannot be replaced like a number."""
    text = "a: '5'\nb: \"6\"\nc: |\n  7\nd: 8\n  9\n"
    assert _found(text, (1, 4), (2, 4), (3, 4), (5, 4)) == []
