import pytest

from voxguard.daemon.doctor.wording import counted, listed, needed_by


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 guilds"), (1, "1 guild"), (2, "2 guilds"), (11, "11 guilds")]
)
def test_one_is_one_and_all_else_are_many(number: int, text: str) -> None:
    """A noun stands in the plural unless there is exactly one."""
    assert counted(number, "guild") == text


def test_a_few_names_stand_for_many() -> None:
    """Up to three are all named, in order; beyond that the rest is counted."""
    assert listed(["c", "a", "b"]) == "a, b, c"
    assert listed("edcba") == "a, b, c and 2 more"


def test_who_needs_it_agrees_with_the_verb() -> None:
    """One rule needs what several need."""
    assert needed_by(["a"]) == "a needs"
    assert needed_by({"b": None, "a": None}) == "a, b need"
