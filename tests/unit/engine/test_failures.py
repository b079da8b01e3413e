"""What could not be carried out: the facts are as Discord has reported them."""

import pytest

from tests.support.stage import ALICE, DJ, GUILD, LOBBY, MUSIC, STAFF, STAGE, Stage
from voxguard.model.decisions import Effect
from voxguard.model.events import EnforcementFailed

FLAGS = {
    Effect.MUTE: "guild_mute",
    Effect.DEAFEN: "guild_deaf",
    Effect.SUPPRESS: "suppressed",
}


def failed(effect: Effect, **params: object) -> EnforcementFailed:
    """Alice's could not be done."""
    return EnforcementFailed(GUILD, ALICE, effect, params)


@pytest.mark.parametrize("effect", FLAGS)
def test_what_was_not_set_is_not_there(effect: Effect) -> None:
    """The lease stays, so that it is not decided again and again; a release has nothing to do."""
    stage = Stage(f"rules: {{r: {{where: [lobby, stage], then: {{{effect}: true}}}}}}")
    assert stage.enter(ALICE, STAGE) == [("r", effect.value)]
    assert stage.at(1).step(failed(effect)) == []
    assert not getattr(stage.member(ALICE), FLAGS[effect])
    assert stage.at(2).enter(ALICE, MUSIC) == []


@pytest.mark.parametrize(
    ("effect", "release"),
    [
        (Effect.MUTE, Effect.UNMUTE),
        (Effect.DEAFEN, Effect.UNDEAFEN),
        (Effect.SUPPRESS, Effect.UNSUPPRESS),
    ],
)
def test_what_was_not_released_is_still_there(effect: Effect, release: Effect) -> None:
    """By the last report, which showed it."""
    text = f"rules: {{r: {{unless: {{who: {{roles: dj}}}}, then: {{{effect}: true}}}}}}"
    stage = Stage(text)
    stage.enter(ALICE, STAGE)
    stage.at(1).enter(ALICE, STAGE, **{FLAGS[effect]: True})
    assert stage.at(2).roles(ALICE, DJ) == [("r", release.value)]
    assert not getattr(stage.member(ALICE), FLAGS[effect])
    assert stage.at(3).step(failed(release)) == []
    assert getattr(stage.member(ALICE), FLAGS[effect])


def test_a_role_that_was_not_granted_is_not_there() -> None:
    """Rules that ask for it do not hold; other roles are as they were."""
    stage = Stage(
        """
        rules:
          r: {where: lobby, then: {grant: dj}}
          djs: {who: {roles: dj}, then: {mute: true}}
        """
    )
    stage.roles(ALICE, STAFF)
    assert stage.enter(ALICE, LOBBY) == [("r", "grant"), ("djs", "mute")]
    assert stage.at(1).step(failed(Effect.GRANT, role=str(DJ))) == [("djs", "unmute")]
    assert stage.member(ALICE).roles >= {STAFF}
    assert stage.at(2).enter(ALICE, MUSIC) == []


def test_a_role_that_was_not_revoked_is_still_there() -> None:
    """As the last report shows it; nobody takes it away again."""
    stage = Stage(
        """
        rules:
          r: {where: lobby, then: {grant: dj}}
          djs: {where: music, who: {roles: dj}, then: {mute: true}}
        """
    )
    stage.enter(ALICE, LOBBY)
    stage.at(1).roles(ALICE, DJ)
    assert stage.at(2).enter(ALICE, MUSIC) == [("r", "revoke"), ("djs", "mute"), ("djs", "unmute")]
    assert stage.at(3).step(failed(Effect.REVOKE, role=str(DJ))) == [("djs", "mute")]
    assert stage.at(4).step(failed(Effect.REVOKE, role=str(DJ))) == []


@pytest.mark.parametrize("then", ["move: afk", "disconnect: true"])
def test_what_waited_for_a_placement_that_failed_happens(then: str) -> None:
    """In the same visit."""
    effect = Effect(then.partition(":")[0])
    stage = Stage(f"rules: {{a: {{then: {{{then}}}}}, b: {{then: {{mute: true}}}}}}")
    assert stage.enter(ALICE, LOBBY) == [("a", effect.value)]
    assert stage.at(1).step(failed(effect)) == [("b", "mute")]


@pytest.mark.parametrize("effect", [Effect.TIMEOUT, Effect.WARN, Effect.ANNOUNCE])
def test_what_has_happened_once_is_not_tried_again(effect: Effect) -> None:
    """A member who takes no messages is an outcome, and no fact has changed."""
    then = {"timeout": "1m", "warn": "x", "announce": "{channel: afk, text: x}"}[effect]
    stage = Stage(f"rules: {{r: {{then: {{{effect}: {then}}}}}}}")
    assert stage.enter(ALICE, LOBBY) == [("r", effect.value)]
    assert stage.at(1).step(failed(effect)) == []


@pytest.mark.parametrize("effect", list(Effect))
def test_of_somebody_unknown_nothing_is_taken_back(effect: Effect) -> None:
    """Who is no member any more, or never was."""
    assert Stage("rules: {}").step(failed(effect, role=str(DJ))) == []
