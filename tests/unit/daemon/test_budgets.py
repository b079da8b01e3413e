from voxguard.daemon.budgets import DefaultBudgets
from voxguard.model.ids import GuildId
from voxguard.model.limits import DEFAULT_BUDGET


def test_every_guild_has_a_budget() -> None:
    """What is promised where the policies say nothing holds everywhere."""
    budgets = DefaultBudgets()
    assert budgets.guild_budget(GuildId(1)) == DEFAULT_BUDGET
    assert budgets.rule_budget(GuildId(1), "any") is None
