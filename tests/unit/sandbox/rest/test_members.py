from tests.unit.sandbox.tools import ALICE_ID, BOB_ID, GUILD, GUILD_ID, Caller
from voxguard.model.permissions import Permission
from voxguard.sandbox.sandbox import Sandbox

DJ_ID = 110373943822540812
STAGE_ID = 110373943822540806
MEMBERS = f"/guilds/{GUILD_ID}/members"
VOICE = f"/guilds/{GUILD_ID}/voice-states"


async def test_members_are_found_or_said_to_be_unknown(caller: Caller) -> None:
    """A member is shown; who has an account but no membership is 10007, nobody at all 10013."""
    assert (await caller.call("GET", f"{MEMBERS}/{ALICE_ID}")).payload["user"]["id"] == str(
        ALICE_ID
    )
    caller.sandbox.remove_member(GUILD, "alice")
    assert (await caller.call("GET", f"{MEMBERS}/{ALICE_ID}")).code == 10007
    assert (await caller.call("GET", f"{MEMBERS}/5")).code == 10013
    assert (await caller.call("GET", f"{MEMBERS}/alice")).code == 50035
    assert (await caller.call("GET", f"/guilds/5/members/{ALICE_ID}")).code == 10004


async def test_members_are_listed_in_pages(caller: Caller) -> None:
    """The list goes by ids, a page at a time, with one member where no size is given."""
    everybody = [
        member["user"]["id"]
        for member in (await caller.call("GET", f"{MEMBERS}?limit=1000")).payload
    ]
    assert everybody == sorted(everybody, key=int)
    assert len(everybody) == 7
    page = await caller.call("GET", f"{MEMBERS}?after={everybody[0]}")
    assert [member["user"]["id"] for member in page.payload] == everybody[1:2]
    assert (await caller.call("GET", f"{MEMBERS}?limit=0")).code == 50035


async def test_the_list_needs_the_privileged_intent(caller: Caller) -> None:
    """A bot that may not have GUILD_MEMBERS gets no list."""
    caller.sandbox.world.bot.privileged_intents = frozenset()
    assert (await caller.call("GET", MEMBERS)).code == 50001


async def test_one_role_is_given_and_taken(caller: Caller) -> None:
    """PUT and DELETE of a role are 204, also when there is nothing to do."""
    guild = caller.sandbox.world.guild(GUILD)
    alice = caller.sandbox.world.member(guild, "alice")
    for method, expected in (("PUT", {DJ_ID}), ("PUT", {DJ_ID}), ("DELETE", set())):
        reply = await caller.call(method, f"{MEMBERS}/{ALICE_ID}/roles/{DJ_ID}")
        assert reply.status == 204
        assert reply.payload is None
        assert alice.roles == expected


async def test_managed_and_unknown_roles_are_refused(caller: Caller) -> None:
    """An application's own role, and @everyone, cannot be given; an unknown one is 10011."""
    guild = caller.sandbox.world.guild(GUILD)
    own = caller.sandbox.world.role(guild, "voxguard")
    path = f"{MEMBERS}/{ALICE_ID}/roles"
    assert (await caller.call("PUT", f"{path}/{own.id}")).code == 50013
    assert (await caller.call("PUT", f"{path}/{GUILD_ID}")).code == 50013
    assert (await caller.call("PUT", f"{path}/5")).code == 10011


async def test_voice_states_are_shown(caller: Caller) -> None:
    """Who is connected has a voice state; who is not, 10065; @me is the bot."""
    caller.sandbox.join(GUILD, "alice", "lobby")
    reply = await caller.call("GET", f"{VOICE}/{ALICE_ID}")
    assert reply.payload["user_id"] == str(ALICE_ID)
    assert (await caller.call("GET", f"{VOICE}/{BOB_ID}")).code == 10065
    assert (await caller.call("GET", f"{VOICE}/@me")).code == 10065


async def test_a_stages_audience_is_made_by_its_own_endpoint(caller: Caller) -> None:
    """PATCH of a voice state suppresses in stages, with MUTE_MEMBERS, and is 204."""
    caller.sandbox.join(GUILD, "alice", "stage")
    guild = caller.sandbox.world.guild(GUILD)
    alice = caller.sandbox.world.member(guild, "alice")
    body = {"channel_id": str(STAGE_ID), "suppress": False}
    assert (await caller.call("PATCH", f"{VOICE}/{ALICE_ID}", body)).status == 204
    assert alice.voice is not None
    assert not alice.voice.suppressed
    role = caller.sandbox.world.role(guild, "voxguard")
    caller.sandbox.change_role(
        GUILD, role.id, permissions=role.permissions & ~Permission.MUTE_MEMBERS
    )
    assert (await caller.call("PATCH", f"{VOICE}/{ALICE_ID}", body)).code == 50013


async def test_suppression_is_refused_elsewhere(caller: Caller) -> None:
    """Outside of stages it is 50024, for another channel 10065, for who is away 40032."""
    caller.sandbox.join(GUILD, "alice", "lobby")
    path = f"{VOICE}/{ALICE_ID}"
    assert (await caller.call("PATCH", path, {"suppress": True})).code == 50024
    other = {"suppress": True, "channel_id": str(STAGE_ID)}
    assert (await caller.call("PATCH", path, other)).code == 10065
    assert (await caller.call("PATCH", f"{VOICE}/{BOB_ID}", {"suppress": True})).code == 40032


async def test_the_bot_may_step_down_by_itself(caller: Caller) -> None:
    """Suppressing oneself needs no permission."""
    sandbox: Sandbox = caller.sandbox
    sandbox.join(GUILD, "voxguard", "stage")
    sandbox.change_role(
        GUILD, "voxguard", permissions=int(Permission.VIEW_CHANNEL | Permission.CONNECT)
    )
    assert (await caller.call("PATCH", f"{VOICE}/@me", {"suppress": True})).status == 204
