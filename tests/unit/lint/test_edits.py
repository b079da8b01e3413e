from voxguard.lint.edits import Edit, edited, lines_of


def test_edits_leave_the_rest_alone() -> None:
    """In whatever order they come, at the ends as well, and where nothing is replaced."""
    edits = [Edit(4, 5, "E"), Edit(0, 1, "AAA"), Edit(2, 2, "-"), Edit(3, 4, "")]
    assert edited("abcde", edits) == "AAAb-cE"
    assert edited("abc", []) == "abc"


def test_edits_know_their_lines() -> None:
    """Each line once, however lines end."""
    text = "a\nb\r\nc\rdd\n\ne"
    edits = [Edit(text.index(letter), 0, "") for letter in "edcba"]
    assert lines_of(text, edits) == (1, 2, 3, 4, 6)
    assert lines_of("aaa", [Edit(1, 2, ""), Edit(0, 1, "")]) == (1,)
