import pytest

from voxguard.policy.yaml import comments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1 # b", [(1, 6, "# b")]),
        ("# a\r\nb: 1\r#c\n", [(1, 1, "# a"), (3, 1, "#c")]),
        ("a: 'b # c' # d", [(1, 12, "# d")]),
        ('a: "b # c"\n', []),
        ("a: b#c\n", []),
        ('"# a": 1', []),
        ("a: |  # b\n  # c\n  d # e\n# f\nb: 1", [(1, 7, "# b"), (4, 1, "# f")]),
        ("a: >-\n  b # c\n\n  # d\n", []),
        ('a: "b\n  # c\n  d" # e\n', [(3, 6, "# e")]),
        ("a: [1, # b\n  2] # c", [(1, 8, "# b"), (2, 6, "# c")]),
        ("- x # a # b", [(1, 5, "# a # b")]),
        ("ö: 'ü # ö'   # ä", [(1, 14, "# ä")]),
        ("a: b\t# c\n", [(1, 6, "# c")]),
        ("", []),
    ],
)
def test_comments_are_told_from_texts(text: str, found: list[tuple[int, int, str]]) -> None:
    """A `#` inside of a value is none, whatever way the value is written."""
    assert list(comments(text)) == found
