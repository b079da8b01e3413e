"""The blocks of a rule, made of the conditions that there are.

A new condition is a file of its own and one line in `LEAVES`.
"""

from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, create_model, model_validator

from voxguard.policy import checks
from voxguard.policy.conditions import (
    account_age,
    bot,
    channel_entries,
    channels,
    entries,
    kinds,
    lists,
    members,
    membership_age,
    occupancy,
    roles,
    schedule,
    state,
    time_used,
)
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.leaf import Leaf
from voxguard.policy.document import SOMETHING, Document, Maybe, refuse
from voxguard.policy.json_schema.documented import Documented
from voxguard.policy.places import Place
from voxguard.policy.scope import Scope

LEAVES: tuple[Leaf, ...] = (
    lists.LEAF,
    roles.LEAF,
    members.LEAF,
    bot.LEAF,
    account_age.LEAF,
    membership_age.LEAF,
    channels.LEAF,
    kinds.LEAF,
    occupancy.LEAF,
    schedule.LEAF,
    state.LEAF,
    entries.LEAF,
    channel_entries.LEAF,
    time_used.LEAF,
)

_MAYBE: Any = Maybe


class Block(Document):
    """One of `who`, `where` and `when`; every key in it must match."""

    model_config = SOMETHING

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise refuse(
                checks.INVALID_VALUE,
                "This block says nothing.",
                "What is left out matches everything; drop the key if that is meant.",
            )
        return self


def _block(name: str) -> type[Block]:
    keys: dict[str, Any] = {
        leaf.key: (
            _MAYBE[leaf.document],
            Field(
                default=None,
                json_schema_extra=Documented(leaf.condition.__module__, name, leaf.key),
            ),
        )
        for leaf in LEAVES
        if leaf.block == name
    }
    return create_model(name.capitalize(), __base__=Block, __doc__=Block.__doc__, **keys)


# Made at run time of the leaves; to the type checker they are blocks of unknown keys.
if TYPE_CHECKING:
    Who = Block
    Where = Block
    When = Block
else:
    Who, Where, When = _block("who"), _block("where"), _block("when")


_BY_BLOCK = {
    name: [(leaf.key, leaf) for leaf in LEAVES if leaf.block == name]
    for name in ("who", "where", "when")
}


def compile_block(
    name: str, document: Block | None, scope: Scope, place: Place
) -> tuple[Condition, ...]:
    """The conditions of the block under a place, in the order of `LEAVES`."""
    if document is None:
        return ()
    at = place.child(name)
    return tuple(
        [
            leaf.compile(value, scope, at.child(key))
            for key, leaf in _BY_BLOCK[name]
            if (value := getattr(document, key)) is not None
        ]
    )
