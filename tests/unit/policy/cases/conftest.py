from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from voxguard.policy.cases.load import LoadedCases, load_cases
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.policy.resolved import PolicySet

GUILD = """\
version: 1
guild:
  id: "100"
  timezone: Europe/Moscow
  channels: {lobby: "1", afk: "2"}
  roles: {staff: "11", dj: "12"}
lists:
  friends: {include: [close]}
  close: {include: [closest]}
  closest: {entries: "7"}
rules:
  limit: {where: lobby, for: 1h, then: {move: afk}}
  no-friends: {who: {lists: friends}, then: {mute: true}}
"""

Load = Callable[..., LoadedCases]


@pytest.fixture
def policy_set() -> PolicySet:
    """A set of one guild, whose directory is `moscow`."""
    loaded = load_sources(Sources({"moscow/guild.yaml": GUILD.encode()}))
    assert loaded.policy_set is not None, loaded.problems
    return loaded.policy_set


@pytest.fixture
def load(policy_set: PolicySet) -> Load:
    """Loads one test file, given whole."""

    def _load(text: str) -> LoadedCases:
        return load_cases(policy_set, Sources({"a.test.yaml": dedent(text).encode()}))

    return _load


@pytest.fixture
def problems_of(load: Load) -> Callable[[str], list[str]]:
    """The problems of one test, given as its keys, as `line check message`."""

    def problems(text: str) -> list[str]:
        loaded = load("version: 1\ntests:\n  one:\n" + indent(dedent(text).strip("\n"), "    "))
        return [f"{each.mark.line} {each.check} {each.message}" for each in loaded.problems]

    return problems
