import pytest

from voxguard import errors
from voxguard.errors import VoxguardError


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("VoxguardError", 1),
        ("UsageError", 2),
        ("PolicyError", 3),
        ("UnsafeError", 5),
        ("LockedError", 6),
        ("UnreachableError", 7),
    ],
)
def test_exit_codes_are_those_that_scripts_rely_on(kind: str, code: int) -> None:
    """Each kind of error ends a command with its documented exit code."""
    assert getattr(errors, kind).exit_code == code


def test_an_error_keeps_its_message_and_its_hint_apart() -> None:
    """The message is the text of the error; the hint stands beside it."""
    error = VoxguardError("the file is empty", hint="write a rule into it")
    assert str(error) == "the file is empty"
    assert error.hint == "write a rule into it"


def test_a_hint_is_optional() -> None:
    """Where there is nothing to advise, no hint is made up."""
    assert VoxguardError("no").hint is None
