"""What the effects beyond voice need of a guild."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, cast

import pytest

from voxguard.daemon.doctor.findings import Finding, State
from voxguard.daemon.doctor.guilds import examine_guild
from voxguard.model.decisions import Effect
from voxguard.model.facts import Facts
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot, Member, Overwrite, Role
from voxguard.policy.conditions.base import Condition
from voxguard.policy.effects.base import MUTE, Want
from voxguard.policy.resolved import Exempt, GuildPolicy, Rule, RuleMode

BOT = UserId(5)
GUILD = GuildId(1)
EVERYTHING = (
    Permission.VIEW_CHANNEL
    | Permission.CONNECT
    | Permission.MUTE_MEMBERS
    | Permission.MANAGE_ROLES
    | Permission.MODERATE_MEMBERS
    | Permission.SEND_MESSAGES
)


class Wish(Want):
    """An effect with its parameters."""

    key: ClassVar[str] = "wish"
    slot = MUTE

    def __init__(self, given: Mapping[str, object]) -> None:
        self.given = given

    @property
    def params(self) -> Mapping[str, object]:
        """As decisions show them."""
        return self.given

    def is_done(self, facts: Facts) -> bool:
        """Never asked here."""
        raise NotImplementedError

    def canonical(self) -> object:
        """Never asked here."""
        raise NotImplementedError


def wish(effect: Effect, params: Mapping[str, object]) -> Want:
    """Something that a rule asks for."""
    made: Want = type("Wish", (Wish,), {"effect": effect})(params)
    return made


def guild(
    permissions: Permission = EVERYTHING, overwrites: tuple[Overwrite, ...] = ()
) -> GuildSnapshot:
    """A guild with a lobby, a stage and a log, in which the bot has the role `bot`."""
    return GuildSnapshot(
        id=GUILD,
        owner_id=UserId(6),
        name="harbour",
        roles=(
            Role(RoleId(1), name="@everyone"),
            Role(RoleId(2), permissions, "bot", position=3, managed=True),
            Role(RoleId(3), name="dj", position=2),
            Role(RoleId(4), name="staff", position=3),
            Role(RoleId(5), name="booster", position=1, managed=True),
        ),
        channels=(
            Channel(ChannelId(10), ChannelKind.VOICE, name="lobby"),
            Channel(ChannelId(11), ChannelKind.STAGE, name="stage"),
            Channel(ChannelId(12), ChannelKind.OTHER, name="mod-log", overwrites=overwrites),
            Channel(ChannelId(13), ChannelKind.CATEGORY, name="Voice"),
        ),
        members=(Member(BOT, frozenset({RoleId(2)})),),
    )


@dataclass(frozen=True)
class Asking:
    """What is looked at of a rule."""

    wants: tuple[Want, ...]
    name: str = "r"
    mode: RuleMode = RuleMode.ENFORCE
    conditions: tuple[Condition, ...] = ()


def examined(snapshot: GuildSnapshot, effect: Effect, **params: str) -> list[Finding]:
    """What is found of a guild with one rule that wants this."""
    rule = cast("Rule", Asking((wish(effect, params),)))
    policy = GuildPolicy(
        id=GUILD,
        directory="",
        channels={"log": ChannelId(12), "lost": ChannelId(99)},
        roles={},
        exempt=Exempt(),
        lists={},
        includes={},
        schedules={},
        rules=(rule,),
    )
    return [each for each in examine_guild(policy, snapshot) if each.check != "names"]


def without(permission: Permission) -> GuildSnapshot:
    """The guild in which the bot lacks a permission."""
    return guild(EVERYTHING & ~permission)


@pytest.mark.parametrize(
    ("effect", "params"),
    [
        (Effect.SUPPRESS, {}),
        (Effect.TIMEOUT, {"seconds": "60"}),
        (Effect.GRANT, {"role": "3"}),
        (Effect.WARN, {"text": "x"}),
        (Effect.ANNOUNCE, {"channel": "12", "text": "x"}),
    ],
)
def test_all_is_well(effect: Effect, params: dict[str, str]) -> None:
    """With every permission there is one line that says so."""
    [finding] = examined(guild(), effect, **params)
    assert finding.state is State.FINE


@pytest.mark.parametrize(
    ("effect", "permission", "params"),
    [
        (Effect.SUPPRESS, Permission.MUTE_MEMBERS, {}),
        (Effect.TIMEOUT, Permission.MODERATE_MEMBERS, {"seconds": "60"}),
        (Effect.GRANT, Permission.MANAGE_ROLES, {"role": "3"}),
    ],
)
def test_each_effect_has_its_permission(
    effect: Effect, permission: Permission, params: dict[str, str]
) -> None:
    """What no role of the bot's has is said of the guild, once."""
    [finding] = examined(without(permission), effect, **params)
    assert (finding.state, finding.subject) == (State.ERROR, "harbour")
    assert str(permission.name) in finding.message


def test_a_warning_needs_nothing() -> None:
    """Direct messages are between the bot and the member."""
    assert examined(guild(Permission.NONE), Effect.WARN, text="x")[0].state is State.FINE


def test_audience_is_a_matter_of_stages() -> None:
    """In voice channels nobody is suppressed by a rule, so nothing is needed there."""
    snapshot = guild()
    denied = (Overwrite(BOT, is_role=False, allow=0, deny=int(Permission.MUTE_MEMBERS)),)
    channels = tuple(replace(each, overwrites=denied) for each in snapshot.channels)
    [finding] = examined(replace(snapshot, channels=channels), Effect.SUPPRESS)
    assert finding.subject == "harbour / stage"


def test_where_to_announce() -> None:
    """A channel that is not there, or that the bot may not write into, is an error."""
    [lost] = examined(guild(), Effect.ANNOUNCE, channel="99", text="x")
    assert lost.subject == "harbour / lost"
    assert "no such channel" in lost.message
    [category] = examined(guild(), Effect.ANNOUNCE, channel="13", text="x")
    assert "category" in category.message
    [silent] = examined(without(Permission.SEND_MESSAGES), Effect.ANNOUNCE, channel="12", text="x")
    assert (silent.subject, silent.check) == ("harbour / mod-log", "permissions")
    assert "SEND_MESSAGES" in silent.message


def test_a_channels_overwrite_is_enough_to_announce() -> None:
    """A bot that may write nowhere else may write into the log."""
    bits = int(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)
    overwrites = (Overwrite(BOT, is_role=False, allow=bits, deny=0),)
    [finding] = examined(
        guild(Permission.NONE, overwrites), Effect.ANNOUNCE, channel="12", text="x"
    )
    assert finding.state is State.FINE


@pytest.mark.parametrize(
    ("role", "subject", "words"),
    [
        ("9", "harbour / 9", "no such role"),
        ("4", "harbour / staff", "not below the bot's own highest role"),
        ("5", "harbour / booster", "an application alone gives it"),
        ("1", "harbour / @everyone", "everybody has it"),
    ],
)
def test_roles_that_the_bot_cannot_give(role: str, subject: str, words: str) -> None:
    """Roles above its own, managed ones, and such as are not there are errors."""
    [finding] = examined(guild(), Effect.GRANT, role=role)
    assert (finding.check, finding.state, finding.subject) == ("roles", State.ERROR, subject)
    assert words in finding.message
    assert "r cannot give it" in finding.message
