"""How much the rules of a guild may do at once."""

from voxguard.model.ids import GuildId
from voxguard.model.limits import DEFAULT_BUDGET, Budget


class DefaultBudgets:
    """What holds where the policies say nothing: the same for every guild, and none of a rule's."""

    def guild_budget(self, _guild_id: GuildId) -> Budget:
        """That of all rules of a guild together."""
        return DEFAULT_BUDGET

    def rule_budget(self, _guild_id: GuildId, _rule: str) -> Budget | None:
        """That of one rule alone; None where it has none of its own."""
        return None
