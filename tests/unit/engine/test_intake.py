"""Roles that are deleted: nobody has them, and what is held of them ends in silence."""

import pytest

from tests.support.restart import restarted
from tests.support.stage import ALICE, DJ, GUILD, LOBBY, MUSIC, ROLES, STAFF, Stage
from voxguard.model.events import GuildChanged, RoleDeleted


@pytest.mark.parametrize("mode", ["enforce", "observe"])
def test_a_role_is_deleted_once(mode: str) -> None:
    """The rule acts at once on a role that is not there, and not again when it is said again."""
    stage = Stage(f"rules: {{r: {{mode: {mode}, where: lobby, then: {{grant: dj}}}}}}")
    assert stage.enter(ALICE, LOBBY) == [("r", "grant")]
    assert stage.at(1).step(RoleDeleted(GUILD, DJ)) == [("r", "grant")]
    assert stage.at(2).step(RoleDeleted(GUILD, DJ)) == []
    assert stage.at(3).enter(ALICE, LOBBY, guild_deaf=True) == []
    assert DJ not in stage.member(ALICE).roles
    assert stage.at(4).enter(ALICE, MUSIC) == []


def test_a_role_that_the_guild_lists_no_longer_is_deleted() -> None:
    """GUILD_UPDATE says which there are; where it says of none, it says nothing."""
    stage = Stage("rules: {r: {where: lobby, then: {grant: [staff, dj]}}}")
    stage.enter(ALICE, LOBBY)
    nothing = GuildChanged(GUILD, None, None, ())
    assert stage.at(1).step(nothing) == []
    listed = tuple(role for role in ROLES if role.id != DJ)
    assert stage.at(2).step(GuildChanged(GUILD, None, None, listed)) == [("r", "grant")]
    assert stage.decisions[-1].params == {"role": str(DJ)}
    assert stage.at(3).enter(ALICE, MUSIC) == [("r", "revoke")]
    assert stage.decisions[-1].params == {"role": str(STAFF)}


def test_a_role_that_was_deleted_while_nobody_watched_is_gone() -> None:
    """After a restart the first snapshot does not show it: nobody has it, and no lease is on it."""
    stage = Stage(
        """
        rules:
          r: {where: lobby, then: {grant: dj, hold: 1h}}
          djs: {who: {roles: dj}, then: {mute: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("r", "grant"), ("djs", "mute")]
    assert stage.at(1).enter(ALICE, MUSIC) == []
    guild = stage.engine.guild(GUILD)
    assert guild is not None
    del guild.roles[DJ]
    assert restarted(stage.at(2)) == [("djs", "unmute")]
    assert stage.at(3600).step() == []


def test_a_role_that_is_deleted_is_released_without_a_word() -> None:
    """Nor is one that a later snapshot does not show, be it held for a while."""
    text = "rules: {r: {where: lobby, then: {grant: [staff, dj], hold: 1h}}}"
    stage = Stage(text)
    stage.enter(ALICE, LOBBY)
    stage.at(1).enter(ALICE, MUSIC)
    assert stage.at(2).step(RoleDeleted(GUILD, DJ)) == []
    assert stage.at(3600).step() == [("r", "revoke")]
    assert stage.decisions[-1].params == {"role": str(STAFF)}
