"""How much the rules of a guild may do at once, by the policies that are active."""

from voxguard.engine.engine import Engine
from voxguard.model.ids import GuildId
from voxguard.model.limits import DEFAULT_BUDGET, Budget


class PolicyBudgets:
    """Looks each budget up in the index by which the engine decides."""

    def __init__(self, engine: Engine) -> None:
        """Read the index of this engine, whichever it is when somebody asks."""
        self._engine = engine

    def guild_budget(self, guild_id: GuildId) -> Budget:
        """That of all rules of a guild together."""
        index = self._engine.index.guilds.get(guild_id)
        return DEFAULT_BUDGET if index is None else index.budget

    def rule_budget(self, guild_id: GuildId, rule: str) -> Budget | None:
        """That of one rule alone; None where it has none of its own."""
        index = self._engine.index.guilds.get(guild_id)
        found = None if index is None else index.by_name.get(rule)
        return None if found is None else found.rule.budget
