"""Policy sets as texts, and what checks find in them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from voxguard.lint.base import Base
from voxguard.lint.checks import CHECKS
from voxguard.lint.report import LintReport, lint
from voxguard.lint.tested import Tested
from voxguard.model.problems import Problem
from voxguard.policy.cases.load import load_cases
from voxguard.policy.files import Sources
from voxguard.policy.resolved import PolicySet
from voxguard.scenario.cases.run import Player

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)

KEPT: Final = timedelta(days=30)
"""For how long rows are kept: longer than most rules look back."""

GUILD: Final = """\
version: 1
guild:
  id: "110373943822540800"
  timezone: Europe/Moscow
  channels:
    lobby: "110373943822540801"
    afk: "110373943822540802"
    music: "110373943822540803"
    vip: "110373943822540804"
  roles: {staff: "110373943822540811", dj: "110373943822540812", member: "110373943822540813"}
"""

NIGHT: Final = """\
schedules:
  night: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}
"""


def sources(files: Mapping[str, str]) -> Sources:
    """A policy set that is given as names and contents; list files too."""
    data = {name: text.encode() for name, text in sorted(files.items())}
    lists = {name: data.pop(name) for name in list(data) if name.endswith((".csv", ".txt"))}
    return Sources(data, lists)


def base(files: Mapping[str, str]) -> Base:
    """What a set was before, in a commit that is called `main`."""
    lists = frozenset(name for name in files if name.endswith((".csv", ".txt")))
    return Base("main", "0123456789abcdef", sources(files), lists)


def trial(tests: Mapping[str, str]) -> Callable[[PolicySet], Tested]:
    """What plays these tests, given as names and contents, with a set that has loaded."""

    def play(policy_set: PolicySet) -> Tested:
        data = sources(tests)
        loaded = load_cases(policy_set, data)
        if loaded.problems:
            return Tested(files=data.policies, missing=loaded.missing)
        player = Player(policy_set)
        list(player.play(loaded.cases))
        untested = frozenset(rule.mark for rule in player.coverage().never)
        return Tested(files=data.policies, untested=untested)

    return play


def report(
    files: Mapping[str, str],
    now: datetime = NOW,
    before: Mapping[str, str] | None = None,
    tests: Mapping[str, str] | None = None,
) -> LintReport:
    """The report on a set; compared with what it was `before`, and after playing its `tests`."""
    return lint(
        sources(files),
        now,
        base=None if before is None else base(before),
        trial=None if tests is None else trial(tests),
        retention=KEPT,
    )


def with_guild(text: str) -> dict[str, str]:
    """The files of a guild whose one more file is this, without its version."""
    files = {"guild.yaml": GUILD, "rules.yaml": f"version: 1\n{text}"}
    if "\nguild:" in files["rules.yaml"]:
        files["guild.yaml"] = files.pop("rules.yaml")
    return files


def problems(text: str, now: datetime = NOW, **more: str) -> tuple[Problem, ...]:
    """What is found in a guild whose one more file is this, without its version."""
    found = report(with_guild(text) | more, now)
    assert found.loaded.policy_set is not None, found.loaded.problems
    return found.problems


def lines(check: str, text: str, now: datetime = NOW) -> list[int]:
    """The lines, counted from 1 for that after the version, at which a check fires."""
    assert check in {each.id for each in CHECKS}
    return [
        problem.mark.line - 1
        for problem in problems(text, now)
        if problem.check == check and problem.mark.line
    ]


def marked(text: str) -> list[int]:
    """The lines of a text that end in `# here`, counted as `lines` does."""
    return [
        number for number, line in enumerate(text.split("\n"), 1) if re.search(r"# here$", line)
    ]
