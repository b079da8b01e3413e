from typing import Any

import pytest

from tests.unit.sandbox.tools import ALICE_ID, BOB_ID, GUILD, LOG_ID, Caller
from voxguard.model.permissions import Permission

TEXT = f"@everyone <@{ALICE_ID}> <@!{BOB_ID}> <@{ALICE_ID}> <@5>"


async def said(caller: Caller, **fields: Any) -> dict[str, Any]:
    """The message that this becomes."""
    body = {"content": TEXT, **fields}
    payload: dict[str, Any] = (
        await caller.call("POST", f"/channels/{LOG_ID}/messages", body)
    ).payload
    return payload


def names(message: dict[str, Any]) -> list[str]:
    """Who is notified by name."""
    return [user["username"] for user in message["mentions"]]


async def test_a_message_notifies_whom_it_mentions(caller: Caller) -> None:
    """Left to itself it notifies everybody, if the bot may, and each known user once."""
    assert names(await said(caller)) == ["alice", "bob"]
    assert not (await said(caller))["mention_everyone"]
    role = caller.sandbox.world.role(caller.sandbox.world.guild(GUILD), "voxguard")
    caller.sandbox.change_role(
        GUILD, role.id, permissions=role.permissions | Permission.MENTION_EVERYONE
    )
    assert (await said(caller))["mention_everyone"]


@pytest.mark.parametrize(
    ("allowed", "everyone", "users"),
    [
        ({"parse": []}, False, []),
        ({}, False, []),
        ({"parse": ["everyone"]}, True, []),
        ({"parse": ["users", "roles"]}, False, ["alice", "bob"]),
        ({"parse": None, "users": [str(BOB_ID)]}, False, ["bob"]),
    ],
)
async def test_what_is_allowed_counts(
    caller: Caller, allowed: dict[str, object], everyone: bool, users: list[str]
) -> None:
    """Nobody is notified but whom the request lets be."""
    role = caller.sandbox.world.role(caller.sandbox.world.guild(GUILD), "voxguard")
    caller.sandbox.change_role(
        GUILD, role.id, permissions=role.permissions | Permission.MENTION_EVERYONE
    )
    message = await said(caller, allowed_mentions=allowed)
    assert (message["mention_everyone"], names(message)) == (everyone, users)


@pytest.mark.parametrize(
    "allowed",
    [
        [],
        {"parse": "users"},
        {"parse": ["user"]},
        {"users": "5"},
        {"users": ["x"]},
        {"users": ["5"] * 101},
        {"parse": ["users"], "users": ["5"]},
    ],
    ids=str,
)
async def test_what_is_allowed_has_a_form(caller: Caller, allowed: object) -> None:
    """Anything else is 50035."""
    body = {"content": "x", "allowed_mentions": allowed}
    assert (await caller.call("POST", f"/channels/{LOG_ID}/messages", body)).code == 50035
