"""Rules in observe decide like any other and change no fact."""

from tests.support.stage import ALICE, DJ, LOBBY, OUTSIDE, Stage
from voxguard.model.decisions import Mode


def test_an_observed_mute_changes_no_fact() -> None:
    """The member stays unmuted for the rules that look at it."""
    stage = Stage(
        """
        rules:
          watch: {mode: observe, where: lobby, then: {mute: true}}
          seen: {when: {state: {guild_mute: true}}, then: {disconnect: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("watch", "mute")]
    assert stage.decisions[-1].mode is Mode.OBSERVE
    assert not stage.member(ALICE).guild_mute
    assert stage.at(1).enter(ALICE, OUTSIDE) == [("watch", "unmute")]
    assert stage.decisions[-1].mode is Mode.OBSERVE


def test_an_observed_mute_of_somebody_muted_is_no_decision() -> None:
    """Muted by hand or by an enforcing rule, there is nothing to observe."""
    stage = Stage("rules: {watch: {mode: observe, where: lobby, then: {mute: true}}}")
    assert stage.enter(ALICE, LOBBY, guild_mute=True) == []


def test_observing_rules_respect_the_enforcing_ones_before_them() -> None:
    """A slot that an enforcing rule has decided is taken."""
    stage = Stage(
        """
        rules:
          first: {priority: 1, where: lobby, then: {mute: true}}
          watch: {priority: 2, mode: observe, where: lobby, then: {mute: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("first", "mute")]
    assert stage.at(1).leave(ALICE) == [("first", "unmute")]


def test_enforcing_rules_never_see_observing_ones() -> None:
    """An observing rule in front takes no slot and lets nobody be."""
    stage = Stage(
        """
        rules:
          watch: {priority: 1, mode: observe, then: {mute: true}}
          let-be: {priority: 2, mode: observe, then: {allow: true}}
          later: {priority: 3, mode: observe, then: {deafen: true}}
          real: {priority: 4, where: lobby, then: {mute: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("watch", "mute"), ("real", "mute")]
    assert [d.mode for d in stage.decisions] == [Mode.OBSERVE, Mode.ENFORCE]


def test_an_enforced_allow_stops_observing_rules_too() -> None:
    """Who is let be is let be in both."""
    stage = Stage(
        """
        rules:
          let-be: {priority: 1, who: {roles: dj}, then: {allow: true}}
          watch: {priority: 2, mode: observe, where: lobby, then: {mute: true}}
        """
    )
    stage.roles(ALICE, DJ)
    assert stage.enter(ALICE, LOBBY) == []
    assert stage.at(1).roles(ALICE) == [("watch", "mute")]
    assert stage.at(2).roles(ALICE, DJ) == [("watch", "unmute")]


def test_an_observed_placement_bars_observed_mutes_alone() -> None:
    """The enforced layer goes on as if nothing had been observed."""
    stage = Stage(
        """
        rules:
          watch-out: {priority: 1, mode: observe, where: lobby, then: {disconnect: true}}
          watch-quiet: {priority: 2, mode: observe, where: lobby, then: {deafen: true}}
          quiet: {priority: 3, where: lobby, then: {mute: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("watch-out", "disconnect"), ("quiet", "mute")]


def test_an_enforced_placement_bars_observed_mutes() -> None:
    """Like any other mute, one that is only observed waits for the next visit."""
    stage = Stage(
        """
        rules:
          watch: {priority: 1, mode: observe, where: lobby, then: {mute: true}}
          out: {priority: 2, where: lobby, then: {disconnect: true}}
        """
    )
    assert stage.enter(ALICE, LOBBY) == [("out", "disconnect")]


def test_a_guild_in_observe_puts_every_rule_there() -> None:
    """Guild mode observe outranks a rule's own mode."""
    stage = Stage("rules: {r: {where: lobby, then: {disconnect: true}}}", guild="mode: observe")
    assert stage.enter(ALICE, LOBBY) == [("r", "disconnect")]
    assert stage.decisions[-1].mode is Mode.OBSERVE


def test_what_was_only_observed_is_due_when_the_rule_is_enforced() -> None:
    """Turning enforcement on acts on those who are there."""
    rules = "rules: {r: {where: lobby, then: {disconnect: true}}}"
    stage = Stage(rules, guild="mode: observe")
    stage.enter(ALICE, LOBBY)
    assert stage.at(5).activate(rules) == [("r", "disconnect")]
    assert stage.decisions[-1].mode is Mode.ENFORCE


def test_a_rule_that_is_off_decides_nothing() -> None:
    """Mode off takes a rule out of the index."""
    stage = Stage("rules: {r: {mode: 'off', where: lobby, then: {mute: true}}}")
    assert stage.enter(ALICE, LOBBY) == []
