from collections.abc import Callable

import pytest
import typer
from pydantic import BaseModel, ValidationError

from voxguard.cli.app import main
from voxguard.cli.wrong_values import message_of


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["lint", "--format", "xml"],
            "'--format': 'xml' is not one of 'human', 'json', 'github', 'sarif'.",
        ),
        (["sandbox", "--port", "x"], "'--port': 'x' is not a whole number"),
        (["sandbox", "--port", "70000"], "'--port': 70000 is more than 65535"),
        (["demo", "--speed", "0.1"], "'--speed': 0.1 is less than 0.5"),
        (["demo", "--speed", "x"], "'--speed': 'x' is not a number"),
        (
            ["schedules", "--from", "today"],
            "'--from': 'today' is not an instant such as 2026-03-01T19:00:00Z",
        ),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Option, value and what would do, and nothing of how values are checked; exit code 2."""
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        f"error: Invalid value for {message}",
        f"hint: see voxguard {arguments[0]} --help",
    ]


def test_what_has_no_other_words_keeps_its_own() -> None:
    """Of a value that is wrong in some other way Pydantic's words are better than none."""

    class Model(BaseModel):
        field: Callable[[], None]

    error = typer.BadParameter("")
    with pytest.raises(ValidationError) as caught:
        Model.model_validate({"field": 1})
    error.__cause__ = caught.value
    assert message_of(error) == "Invalid value: Input should be callable"
