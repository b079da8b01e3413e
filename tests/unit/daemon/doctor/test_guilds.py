from dataclasses import replace
from pathlib import Path

import pytest

from voxguard.daemon.doctor.findings import Finding, State
from voxguard.daemon.doctor.guilds import examine_guild
from voxguard.model.ids import ChannelId, GuildId, RoleId, UserId
from voxguard.model.permissions import Permission
from voxguard.model.world import Channel, ChannelKind, GuildSnapshot, Member, Overwrite, Role
from voxguard.policy.load import load
from voxguard.policy.resolved import GuildPolicy

BOT = UserId(5)
GUILD = GuildId(1)
EVERYTHING = (
    Permission.VIEW_CHANNEL
    | Permission.CONNECT
    | Permission.MUTE_MEMBERS
    | Permission.DEAFEN_MEMBERS
    | Permission.MOVE_MEMBERS
    | Permission.VIEW_AUDIT_LOG
)

POLICY = """\
version: 1
guild:
  id: "1"
  channels: {lobby: "10", music: "11", afk: "12", text: "13", lost: "99"}
  roles: {ghost: "98"}
rules:
"""


def channel(number: int, name: str, kind: ChannelKind = ChannelKind.VOICE) -> Channel:
    """A channel without overwrites."""
    return Channel(ChannelId(number), kind, name=name)


def guild(permissions: Permission = EVERYTHING) -> GuildSnapshot:
    """A guild in which the bot has a role with these permissions."""
    return GuildSnapshot(
        id=GUILD,
        owner_id=UserId(6),
        afk_channel_id=ChannelId(12),
        name="harbour",
        roles=(Role(RoleId(1)), Role(RoleId(2), permissions)),
        channels=(
            channel(10, "lobby"),
            channel(11, "music"),
            channel(12, "afk"),
            channel(13, "text", ChannelKind.OTHER),
        ),
        members=(Member(BOT, frozenset({RoleId(2)})),),
    )


def denied(snapshot: GuildSnapshot, number: int, bits: Permission) -> GuildSnapshot:
    """The guild with an overwrite against the bot in one channel."""
    overwrite = Overwrite(BOT, is_role=False, allow=0, deny=int(bits))
    channels = tuple(
        replace(each, overwrites=(overwrite,)) if each.id == number else each
        for each in snapshot.channels
    )
    return replace(snapshot, channels=channels)


@pytest.fixture
def examined(tmp_path: Path) -> "Examined":
    """Something that examines a guild for rules in YAML."""
    return Examined(tmp_path)


class Examined:
    """Loads rules and examines a guild with them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def policy(self, rules: str, head: str = POLICY) -> GuildPolicy:
        """The policy with these rules."""
        (self.path / "guild.yaml").write_text(head + rules)
        loaded = load(self.path)
        assert loaded.policy_set is not None, loaded.problems
        return loaded.policy_set.guilds[GUILD]

    def __call__(self, rules: str, snapshot: GuildSnapshot, head: str = POLICY) -> list[Finding]:
        """What is found, but for names."""
        found = examine_guild(self.policy(rules, head), snapshot)
        return [finding for finding in found if finding.check != "names"]


def test_all_is_well(examined: Examined) -> None:
    """With every permission there is one line that says so."""
    [finding] = examined("  quiet: {where: lobby, then: {mute: true}}\n", guild())
    assert finding.state is State.FINE
    assert finding.subject == "harbour"
    assert finding.message == "the bot may do all that 1 rule asks for"


def test_a_permission_that_is_missing_everywhere_is_said_once(examined: Examined) -> None:
    """Without MUTE_MEMBERS in any role the guild is named, not each of its channels."""
    rules = "  a: {then: {mute: true}}\n  b: {then: {mute: true, deafen: true}}\n"
    [finding] = examined(rules, guild(EVERYTHING & ~Permission.MUTE_MEMBERS))
    assert finding.state is State.ERROR
    assert finding.subject == "harbour"
    assert "MUTE_MEMBERS" in finding.message
    assert "a, b" in finding.message


def test_a_channel_that_denies_it_is_named(examined: Examined) -> None:
    """An overwrite matters only where a rule may act."""
    snapshot = denied(denied(guild(), 10, Permission.MUTE_MEMBERS), 11, Permission.MUTE_MEMBERS)
    [finding] = examined("  quiet: {where: music, then: {mute: true}}\n", snapshot)
    assert finding.subject == "harbour / music"
    assert "MUTE_MEMBERS" in finding.message


def test_a_channel_that_the_bot_cannot_enter_is_explained(examined: Examined) -> None:
    """Without CONNECT nothing else counts there, so that is said too."""
    snapshot = denied(guild(), 10, Permission.CONNECT)
    [finding] = examined("  out: {where: lobby, then: {disconnect: true}}\n", snapshot)
    assert "CONNECT and MOVE_MEMBERS" in finding.message


def test_the_afk_channel_needs_nothing(examined: Examined) -> None:
    """Where every rule leaves members alone no permission is asked for, unless told otherwise."""
    rules = "  quiet: {then: {mute: true}}\n"
    snapshot = denied(guild(), 12, Permission.MUTE_MEMBERS)
    assert examined(rules, snapshot)[0].state is State.FINE
    head = POLICY.replace("roles:", "exempt: {afk_channel: false}\n  roles:")
    assert examined(rules, snapshot, head)[0].subject == "harbour / afk"


@pytest.mark.parametrize("mode", ["observe", "off"])
def test_rules_that_touch_nobody_need_nothing(examined: Examined, mode: str) -> None:
    """Only what is enforced asks for permissions, also of a guild in observe."""
    bare = guild(Permission.NONE)
    rules = f"  quiet: {{mode: {mode}, then: {{mute: true}}}}\n"
    assert examined(rules, bare)[0].state is State.FINE
    head = POLICY.replace("roles:", "mode: observe\n  roles:")
    assert examined("  quiet: {then: {mute: true}}\n", bare, head)[0].state is State.FINE


def test_move_targets(examined: Examined) -> None:
    """A target that is not there, is no voice channel or cannot be entered is an error."""
    rules = (
        "  a: {then: {move: lost}}\n  b: {then: {move: text}}\n  c: {then: {move: '97'}}\n"
        "  d: {where: lobby, then: {move: music}}\n"
    )
    found = examined(rules, denied(guild(), 11, Permission.CONNECT))
    by_subject = {finding.subject: finding for finding in found if finding.state is State.ERROR}
    assert "no such channel" in by_subject["harbour / lost"].message
    assert "not a voice channel" in by_subject["harbour / text"].message
    assert "no such channel" in by_subject["harbour / 97"].message
    assert any("CONNECT" in finding.message and "music" in finding.subject for finding in found)


def test_the_afk_channel_as_a_target_is_worth_a_word(examined: Examined) -> None:
    """Moving into it where nothing says so is a warning that says what becomes of members there."""
    snapshot = replace(guild(), afk_channel_id=ChannelId(11))
    rules = "  away: {where: lobby, then: {move: music}}\n"
    _, finding = examined(rules, snapshot)
    assert finding.state is State.WARNING
    assert "AFK" in finding.message
    assert "(away)" in finding.message
    head = POLICY.replace("roles:", "exempt: {afk_channel: false}\n  roles:")
    assert "too" in examined(rules, snapshot, head)[-1].message


def test_who_names_the_afk_channel_means_it(examined: Examined) -> None:
    """Where the alias or the rule's own name says afk, there is nothing to warn of."""
    rules = "  away: {where: lobby, then: {move: afk}}\n"
    assert [finding.state for finding in examined(rules, guild())] == [State.FINE]
    elsewhere = replace(guild(), afk_channel_id=ChannelId(11))
    rules = (
        "  away-goes-to-afk: {where: lobby, then: {move: music}}\n"
        "  afks: {where: lobby, then: {move: music}}\n"
    )
    assert "(afks)" in examined(rules, elsewhere)[-1].message


def test_names_of_what_is_not_there(examined: Examined) -> None:
    """Aliases of channels and roles that the guild does not have are warnings."""
    policy = examined.policy("  quiet: {where: lobby, then: {mute: true}}\n")
    found = [each for each in examine_guild(policy, guild()) if each.check == "names"]
    assert [each.subject for each in found] == ["harbour / lost", "harbour / ghost"]
    assert {each.state for each in found} == {State.WARNING}


def test_many_rules_are_not_all_named(examined: Examined) -> None:
    """The first few rules are enough to find the others."""
    rules = "".join(f"  r{number}: {{then: {{mute: true}}}}\n" for number in range(5))
    [finding] = examined(rules, replace(guild(Permission.VIEW_AUDIT_LOG), name=""))
    assert "r0, r1, r2 and 2 more" in finding.message
    assert finding.subject == "1"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{then: {mute: true}}", True),
        ("{then: {grant: ghost}}", True),
        ("{where: lobby, then: {disconnect: true}}", False),
        ("{mode: observe, then: {mute: true}}", False),
    ],
)
def test_without_the_audit_log_hands_are_inferred(
    examined: Examined, rule: str, *, told: bool
) -> None:
    """Where something is held that a moderator may undo; it is no error."""
    without = examined(f"  quiet: {rule}\n", guild(EVERYTHING & ~Permission.VIEW_AUDIT_LOG))
    found = [each for each in without if each.check == "audit-log"]
    assert [each.state for each in found] == ([State.WARNING] if told else [])
    assert all("quiet holds" in each.message for each in found)
