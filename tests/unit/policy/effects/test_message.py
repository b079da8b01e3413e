"""The text of a message: what Discord takes."""

from collections.abc import Callable

import pytest

from voxguard.policy.effects.message import LONGEST
from voxguard.policy.resolved import Rule


@pytest.mark.parametrize("text", ["x", "x" * LONGEST, f"{'x' * (LONGEST - 1)}\U0001f600"])
def test_up_to_as_many_characters_as_discord_takes(
    load_rule: Callable[[str], Rule], text: str
) -> None:
    """Exactly the longest too; a character is one, whatever it takes to write it."""
    (want,) = load_rule(f'{{then: {{warn: "{text}"}}}}').wants
    assert want.params == {"text": text}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * (LONGEST + 1), "VG012 The message has 2,001 characters; Discord takes 2,000."),
        ("", "VG012 The message is empty."),
        (" \\t\\n", "VG012 The message is empty."),
        ("\\0", "VG012 The invisible character U+0000 is not allowed."),
    ],
)
@pytest.mark.parametrize("key", ["warn: {}", "announce: {{channel: lobby, text: {}}}"])
def test_what_discord_takes_not_is_refused(
    problems_of: Callable[..., list[str]], key: str, text: str, problem: str
) -> None:
    """When the set is loaded, and not when it is sent."""
    message = key.format(f'"{text}"')
    (found,) = problems_of(f"rules: {{one: {{then: {{{message}}}}}}}\n")
    assert problem in found
