"""Memories that an earlier release has written, told as this one tells them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from voxguard.engine.naming import make_id
from voxguard.model.ids import GuildId, UserId

BEFORE: Final = 2
"""The format that is still read, so that an upgrade drops no lease."""


def renewed(
    guild_id: GuildId, user_id: UserId, memory: Mapping[str, Any], wanted: int
) -> Mapping[str, Any]:
    """The memory of a member in the format that is wanted.

    Raises:
        ValueError: It is in a format that cannot be read.

    """
    found = memory["format"]
    if found == wanted:
        return memory
    if found != BEFORE:
        raise ValueError(f"the memory of a member has format {found}, not {BEFORE} or {wanted}")

    def episode_id(rule: str, began_at: str) -> str:
        return str(make_id(guild_id, user_id, rule, began_at))

    visit = memory["visit"]
    return {
        **memory,
        "visit": None if visit is None else [*visit, None],
        "stretches": {
            name: [*stretch, None if episode is None else [episode_id(name, episode[0]), *episode]]
            for name, (*stretch, episode) in memory["stretches"].items()
        },
        **{mode: _layer(memory[mode], episode_id) for mode in ("enforced", "observed")},
    }


def _layer(memory: Mapping[str, Any], episode_id: Callable[[str, str], str]) -> Mapping[str, Any]:
    """A layer whose leases name their episode by its id, which followed from its beginning."""
    return {
        **memory,
        "leases": {
            slot: [
                [rule, order, effect, episode_id(rule, began_at), *more]
                for rule, order, effect, began_at, *more in leases
            ]
            for slot, leases in memory["leases"].items()
        },
    }
