from datetime import timedelta

from tests.support.stage import GUILD, Stage
from voxguard.daemon.budgets import PolicyBudgets
from voxguard.model.ids import GuildId
from voxguard.model.limits import DEFAULT_BUDGET, Budget

RULES = """
rules:
  careful:
    then: {mute: true}
    limits: {actions: {max: 3, within: 30s}}
  other:
    then: {mute: true}
"""


def test_a_rules_budget_is_its_own() -> None:
    """A rule that names none has none, and neither has one that is gone."""
    budgets = PolicyBudgets(Stage(RULES).engine)
    assert budgets.rule_budget(GUILD, "careful") == Budget(3, timedelta(seconds=30))
    assert budgets.rule_budget(GUILD, "other") is None
    assert budgets.rule_budget(GUILD, "gone") is None
    assert budgets.rule_budget(GuildId(1), "careful") is None


def test_every_guild_has_a_budget() -> None:
    """What is promised where the policies say nothing holds everywhere."""
    budgets = PolicyBudgets(Stage(RULES).engine)
    assert budgets.guild_budget(GUILD) == DEFAULT_BUDGET
    assert budgets.guild_budget(GuildId(1)) == DEFAULT_BUDGET
    limited = Stage(RULES, guild="limits: {actions: {max: 5, within: 10s}}")
    assert PolicyBudgets(limited.engine).guild_budget(GUILD) == Budget(5, timedelta(seconds=10))
