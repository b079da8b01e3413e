"""The sample policies, and a life in the guild that they are for."""

from pathlib import Path

from benchmarks.life import Life
from voxguard.policy.load import load
from voxguard.policy.resolved import PolicySet

POLICIES = Path(__file__).parents[1] / "policies"
OTHER_CHANNELS = range(200_000_000_000_000_000, 200_000_000_000_000_016)
OTHER_ROLES = range(210_000_000_000_000_000, 210_000_000_000_000_020)


def sample_policies() -> PolicySet:
    """The policies that come along."""
    loaded = load(POLICIES)
    if loaded.policy_set is None:
        raise SystemExit("\n".join(map(str, loaded.problems)))
    return loaded.policy_set


def sample_life(policy_set: PolicySet) -> Life:
    """Two thousand members, a few of them on the block list, twenty channels or so."""
    (guild,) = policy_set.guilds.values()
    channels = [*guild.channels.values(), *OTHER_CHANNELS]
    # Whoever is staff is exempt, so that few are.
    roles = [*guild.roles.values(), *OTHER_ROLES]
    return Life(guild.id, channels, roles, guests=list(guild.lists["blocked"].permanent)[:20])
