import inspect

import pytest

from tests.unit.sandbox.tools import Caller
from voxguard.sandbox.actions import ACTIONS
from voxguard.sandbox.world.state import Guild, GuildMember, Voice


@pytest.mark.parametrize("name", ACTIONS)
def test_every_key_of_an_action_is_a_parameter_of_its_method(name: str) -> None:
    """No key of an action is taken and then ignored, and none that is needed is missing."""
    action = ACTIONS[name]
    written = {"timeout": "timeout_seconds", "max": "limit", "within": "within_seconds"}
    keys = {written.get(key, key) for key in action.keys}
    parameters = inspect.signature(action.method).parameters
    needed = {key for key, item in parameters.items() if item.default is item.empty}
    assert keys == parameters.keys() - {"self"}
    assert needed - {"self", "guild"} == {written.get(key, key) for key in action.needs}
    assert action.summary.endswith(".")


def voice_of(member: GuildMember) -> Voice | None:
    """Where the member is now; a call, since the type checker remembers attributes."""
    return member.voice


@pytest.fixture
def guild(caller: Caller) -> Guild:
    """The sandbox's guild."""
    return caller.sandbox.world.only_guild()


@pytest.fixture
def alice(caller: Caller, guild: Guild) -> GuildMember:
    """An ordinary member."""
    return caller.sandbox.world.member(guild, "alice")


async def test_members_act_in_voice(caller: Caller, guild: Guild, alice: GuildMember) -> None:
    """Join, move, switch and leave do what they say."""
    await caller.control("join", guild="harbour", member="alice", channel="lobby")
    await caller.control("move", member="alice", channel="music")
    await caller.control("flags", member="alice", self_mute=True, streaming=True)
    await caller.control("repeat", member="alice")
    assert alice.voice is not None
    assert alice.voice.channel_id == caller.sandbox.world.channel(guild, "music").id
    assert (alice.voice.self_mute, alice.voice.streaming) == (True, True)
    await caller.control("leave", member="alice")
    assert voice_of(alice) is None


async def test_humans_moderate(caller: Caller, guild: Guild, alice: GuildMember) -> None:
    """A human mutes, moves, gives roles, times out and disconnects, with a reason."""
    await caller.control("join", member="alice", channel="lobby")
    reply = await caller.control(
        "human",
        member="alice",
        mute=True,
        deaf=True,
        move_to="stage",
        roles=["dj"],
        by="olga",
        reason="noise",
    )
    assert reply.payload == {"ok": True}
    assert (alice.guild_mute, alice.guild_deaf) == (True, True)
    assert alice.roles == {caller.sandbox.world.role(guild, "dj").id}
    await caller.control("human", member="alice", suppress=False)
    assert alice.voice is not None
    assert not alice.voice.suppressed
    await caller.control("human", member="alice", disconnect=True)
    assert voice_of(alice) is None
    await caller.control("human", member="alice", timeout="10m")
    assert alice.is_timed_out(caller.sandbox.clock.now())
    await caller.control("human", member="alice", timeout="0s")
    assert not alice.is_timed_out(caller.sandbox.clock.now())


async def test_a_human_cannot_take_the_bots_own_role(caller: Caller, guild: Guild) -> None:
    """A managed role stays when roles are set by hand."""
    bot = caller.sandbox.world.bot_member(guild)
    own = set(bot.roles)
    await caller.control("human", member="voxguard", roles=[])
    assert bot.roles == own


async def test_members_come_and_go(caller: Caller, guild: Guild) -> None:
    """A new member has the roles and the id that were asked for."""
    reply = await caller.control("add_member", name="dave", user_id="42", roles="dj", bot=True)
    assert reply.payload == {"ok": True, "id": "42"}
    dave = caller.sandbox.world.member(guild, "dave").user
    assert (dave.bot, dave.takes_messages) == (True, True)
    await caller.control("direct_messages", member="dave", takes=False)
    assert not dave.takes_messages
    await caller.control("remove_member", member="dave", drop="never")
    reply = await caller.control("remove_member", member="dave")
    assert reply.status == 409


async def test_roles_and_channels_are_made_and_changed(caller: Caller, guild: Guild) -> None:
    """What is made has an id to go on with."""
    world = caller.sandbox.world
    role = await caller.control("create_role", name="guests", permissions=["stream"])
    assert role.payload["id"] == str(world.role(guild, "guests").id)
    await caller.control("change_role", role="guests", permissions=1 << 21)
    assert world.role(guild, "guests").permissions == 1 << 21
    await caller.control("delete_role", role="guests")
    await caller.control("create_channel", name="attic", kind="stage", category="Voice")
    await caller.control("change_channel", channel="attic", name="cellar", user_limit=2)
    await caller.control("overwrite", channel="cellar", member="alice", deny="connect")
    cellar = world.channel(guild, "cellar")
    assert (cellar.user_limit, len(cellar.overwrites)) == (2, 1)
    await caller.control("overwrite", channel="cellar", member="alice")
    assert not cellar.overwrites
    assert (await caller.control("overwrite", channel="cellar")).status == 409
    await caller.control("afk_channel", channel="cellar")
    assert world.only_guild().afk_channel_id == cellar.id
    await caller.control("afk_channel")
    assert world.only_guild().afk_channel_id is None
    await caller.control("delete_channel", channel="cellar")
    await caller.control("available", available=False)
    assert caller.sandbox.world.guild("harbour").is_available is False


async def test_trouble_is_made(caller: Caller) -> None:
    """Limits, outages, delays and gateway faults are set by name."""
    sandbox = caller.sandbox
    await caller.control("limit", route="member_edit", max=3, within="2.5s")
    assert sandbox.limiter.limits["member_edit"].max == 3
    assert (await caller.control("limit", route="x", max=3, within="1s")).status == 409
    await caller.control("outage", rest=503, gateway=True)
    assert sandbox.faults.gateway_refuses
    assert str(sandbox.faults.rest) == "503"
    await caller.control("outage", rest="silence")
    await caller.control("outage")
    assert sandbox.faults.rest is None
    await caller.control("delay", seconds="1m")
    assert sandbox.faults.delay_seconds == 60.0
    await caller.control("zombie", zombie=True)
    assert sandbox.faults.zombie
    for action in ("reconnect_gateway", "invalidate_gateway", "drop_gateway"):
        assert (await caller.control(action)).status == 200
    assert (await caller.control("close_gateway", code=4000)).status == 200


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("join", {"member": "alice"}, "join needs 'channel'"),
        ("leave", {"member": "alice", "shoes": 1}, "unknown key 'shoes'"),
        ("flags", {"member": "alice", "camera": "on"}, "true or false"),
        ("dance", {}, "one of join, move"),
        ("close_gateway", {"code": 5}, "from 1000 to 4999"),
        ("outage", {"rest": 404}, "one of 500, 503, silence"),
        ("create_channel", {"name": "x", "kind": "tube"}, "one of voice, stage"),
        ("remove_member", {"member": "alice", "drop": "late"}, "one of before, after"),
        ("add_member", {"name": "x", "user_id": "y"}, "an id of"),
        ("reconnect_gateway", {"guild": "harbour"}, "takes nothing"),
    ],
)
async def test_mistakes_are_explained(
    caller: Caller, action: str, fields: dict[str, object], said: str
) -> None:
    """A malformed call is 400 and says what is wrong with which key."""
    reply = await caller.control(action, **fields)
    assert reply.status == 400
    assert said in reply.payload["error"]
