"""The policy tests of a set, played for who wants to know what they cover."""

from pathlib import Path

from voxguard.cli import render
from voxguard.lint.tested import Tested
from voxguard.policy.cases.load import load_cases
from voxguard.policy.files import read_tests
from voxguard.policy.resolved import PolicySet
from voxguard.scenario.cases.run import Player


class Trial:
    """Plays the tests of a set that stands in a directory; says once that they do not load."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._sources = read_tests(directory)
        self._told = False

    def __call__(self, policy_set: PolicySet) -> Tested:
        """What the tests show of a set that has loaded."""
        loaded = load_cases(policy_set, self._sources)
        if loaded.problems:
            self._tell()
            return Tested(files=self._sources.policies, missing=loaded.missing)
        player = Player(policy_set)
        for _ in player.play(loaded.cases):
            pass
        untested = frozenset(rule.mark for rule in player.coverage().never)
        return Tested(files=self._sources.policies, untested=untested)

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            render.write_warning(
                "the policy tests do not load, so that VG403 missing-test is left out: "
                f"see voxguard test {self._directory}"
            )
