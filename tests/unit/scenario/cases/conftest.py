from collections.abc import Callable
from textwrap import dedent

import pytest

from voxguard.policy.cases.load import load_cases
from voxguard.policy.files import Sources
from voxguard.policy.load import load_sources
from voxguard.scenario.cases.results import Coverage, Run
from voxguard.scenario.cases.run import Player

GUILD = """\
version: 1
guild:
  id: "100"
  channels: {lobby: "1", afk: "2", music: "3"}
  roles: {staff: "11", dj: "12", dead: "13"}
"""


@pytest.fixture
def play() -> Callable[..., tuple[Run, Coverage]]:
    """Plays tests (the body of `tests:`) on rules and lists (more keys of a policy file)."""

    def _play(policies: str, tests: str, guild: str = "") -> tuple[Run, Coverage]:
        text = GUILD + guild + dedent(policies)
        loaded = load_sources(Sources({"guild.yaml": text.encode()}))
        assert loaded.policy_set is not None, loaded.problems
        body = dedent(tests).strip("\n").replace("\n", "\n  ")
        source = Sources({"a.test.yaml": f"version: 1\ntests:\n  {body}\n".encode()})
        cases = load_cases(loaded.policy_set, source)
        assert cases.problems == ()
        player = Player(loaded.policy_set)
        run = Run(loaded.policy_set.short_revision, tuple(player.play(cases.cases)))
        return run, player.coverage()

    return _play


@pytest.fixture
def failures(play: Callable[..., tuple[Run, Coverage]]) -> Callable[..., list[str]]:
    """Plays one test, given by its members and steps, and tells its failures in short."""

    def _failures(
        policies: str, members: str, *steps: str, guild: str = "", stages: str = "[]"
    ) -> list[str]:
        tests = (
            f"one:\n  start: 2026-03-02T12:00:00Z\n  stages: {stages}\n"
            f"  members: {members}\n  steps: [{', '.join(steps)}]\n"
        )
        [result] = play(policies, tests, guild)[0].results
        return [
            f"{each.kind} {each.member} at {int(each.at.total_seconds())}"
            for each in result.failures
        ]

    return _failures
