import pytest

from tests.unit.sandbox.tools import ALICE_ID, GUILD_ID
from voxguard.sandbox.gateway.chunks import member_chunks
from voxguard.sandbox.gateway.intents import Intent
from voxguard.sandbox.world.membership import add_member
from voxguard.sandbox.world.state import Guild
from voxguard.sandbox.world.world import World


def names(world: World, data: dict[str, object], intents: int = 0) -> list[list[str]]:
    """The names in each chunk."""
    chunks = member_chunks(world, intents, {"guild_id": str(GUILD_ID), **data})
    return [[member["user"]["username"] for member in chunk["members"]] for chunk in chunks]


def test_the_whole_list_comes_by_thousands(world: World, guild: Guild) -> None:
    """All members, in chunks of at most 1,000."""
    for number in range(1000):
        add_member(world, guild, f"guest-{number}")
    chunks = names(world, {}, Intent.GUILD_MEMBERS)
    assert [len(chunk) for chunk in chunks] == [1000, 7]


def test_without_the_intent_the_list_is_empty(world: World) -> None:
    """The whole list is only for sessions with GUILD_MEMBERS."""
    assert names(world, {}) == [[]]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"query": "a", "limit": 5}, ["alice"]),
        ({"query": "", "limit": 1}, ["olga"]),
        ({"query": "b", "limit": "x"}, ["bob"]),
        ({"user_ids": str(ALICE_ID)}, ["alice"]),
        ({"user_ids": ["x"]}, []),
    ],
    ids=str,
)
def test_members_are_asked_for_by_name_or_id(
    world: World, data: dict[str, object], expected: list[str]
) -> None:
    """A prefix of the name with a limit, or ids."""
    assert names(world, data) == [expected]


def test_an_unknown_guild_is_not_answered(world: World) -> None:
    """There is no chunk for a guild that is not there."""
    assert not list(member_chunks(world, 0, {"guild_id": None}))
