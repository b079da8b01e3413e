import time
from collections.abc import Callable
from typing import Final

import pytest

from tests.unit.lint.tools import report

RULES: Final = 2_000


def _mute(number: int) -> str:
    return f"priority: {number % 1000}, then: {{mute: true}}"


# What indexes could be led astray by: all in one place, all about one amount, all handing on.
CROWDED: Final[dict[str, Callable[[int], str]]] = {
    "one-channel": lambda n: f"where: '5', who: {{roles: '{n + 9}'}}, {_mute(n)}",
    "all-but-one": lambda n: f"who: {{roles: {{none: ['{n + 9}', '7']}}}}, {_mute(n)}",
    "amounts": lambda n: f"who: {{account_age: {{min: {RULES - n}s}}}}, {_mute(n)}",
    "exceptions": lambda n: (
        f"{_mute(n)}, unless: {{who: {{roles: ['{n + 8}', '{n + 9}']}}, where: ['{n + 9}', '6']}}"
    ),
    "moves": lambda n: (
        f"where: '{n % 100 + 9}', who: {{roles: '{n + 9}'}}, then: {{move: '{n * 7 % 100 + 9}'}}"
    ),
    "targets": lambda n: f"who: {{roles: '{n + 9}'}}, then: {{move: '{n + 9}'}}",
}


@pytest.mark.parametrize("kind", CROWDED)
def test_work_does_not_grow_with_all_pairs(kind: str) -> None:
    """Two thousand rules of the most awkward kinds take seconds at most, not minutes."""
    rules = "".join(f"  r{n}: {{{CROWDED[kind](n)}}}\n" for n in range(RULES))
    files = {
        "guild.yaml": "version: 1\nguild: {id: '1'}\n",
        "r.yaml": f"version: 1\nrules:\n{rules}",
    }
    before = time.process_time()
    assert report(files).loaded.policy_set is not None
    assert time.process_time() - before < 10
