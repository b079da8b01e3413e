"""Wrong values of options, in words for people.

Typer hands on what Pydantic says of a value, which is worded for programmers.
"""

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails


def message_of(error: typer.BadParameter) -> str:
    """What is wrong with an argument or an option, and what it should be."""
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        error.message = _reworded(cause.errors()[0])
    return error.format_message()


def _reworded(problem: ErrorDetails) -> str:
    limits = problem.get("ctx", {})
    match problem["type"]:
        case "value_error":
            return str(limits["error"])
        case "int_parsing":
            return f"{problem['input']!r} is not a whole number"
        case "float_parsing":
            return f"{problem['input']!r} is not a number"
        case "greater_than_equal":
            return f"{problem['input']} is less than {limits['ge']}"
        case "less_than_equal":
            return f"{problem['input']} is more than {limits['le']}"
        case _:
            return problem["msg"]
