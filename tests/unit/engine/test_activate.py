"""Another revision: who is connected is decided anew, and what did not change goes on."""

from tests.support.stage import ALICE, BOB, LOBBY, MUSIC, Stage, make_index, voice
from voxguard.engine.engine import Engine

HOUR = "rules: {limit: {where: lobby, for: 1h, then: {move: afk}}}"


def test_a_new_rule_bites_whoever_is_there() -> None:
    """Members already connected are decided by what comes into force."""
    stage = Stage("rules: {}")
    stage.enter(ALICE, LOBBY)
    muted = stage.at(5).activate("rules: {quiet: {where: lobby, then: {mute: true}}}")
    assert muted == [("quiet", "mute")]


def test_the_same_meaning_again_decides_nothing() -> None:
    """Stretches, episodes and leases go on for rules whose meaning did not change."""
    rules = """
    rules:
      quiet: {where: lobby, then: {mute: true}}
      limit: {where: lobby, for: 1h, then: {move: afk}}
    """
    stage = Stage(rules)
    stage.enter(ALICE, LOBBY)
    assert stage.at(1800).activate(rules) == []
    assert stage.wake_in == 3600
    assert stage.at(3600).step() == [("limit", "move")]
    assert stage.at(3601).activate(rules) == []


def test_a_changed_rule_counts_from_its_activation() -> None:
    """A rule that says something else now has only now begun to match."""
    stage = Stage(HOUR)
    stage.enter(ALICE, LOBBY)
    stage.at(1800).activate(HOUR.replace("1h", "2h"))
    assert stage.wake_in == 1800 + 7200


def test_a_removed_rule_releases_what_it_held() -> None:
    """The release names the rule although it is gone."""
    stage = Stage("rules: {quiet: {where: lobby, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).activate("rules: {}") == [("quiet", "unmute")]
    assert stage.decisions[-1].reason == "voxguard: quiet"


def test_a_rule_that_replaces_another_takes_its_lease_over() -> None:
    """The mute stays on without a decision."""
    stage = Stage("rules: {quiet: {where: lobby, then: {mute: true}}}")
    stage.enter(ALICE, LOBBY)
    assert stage.at(1).activate("rules: {silence: {where: lobby, then: {mute: true}}}") == []
    assert stage.at(2).leave(ALICE) == [("silence", "unmute")]


def test_a_list_that_changes_is_no_change_of_the_rule() -> None:
    """Those who stay on the list keep their stretch, others begin or end."""
    rules = """
    lists: {blocked: {entries: [%s]}}
    rules: {r: {who: {lists: blocked}, for: 1h, then: {mute: true}}}
    """
    stage = Stage(rules % '"501"')
    stage.enter(ALICE, LOBBY)
    stage.enter(BOB, LOBBY)
    assert stage.at(1800).activate(rules % '"501", "502"') == []
    assert stage.at(9000).step() == [("r", "mute"), ("r", "mute")]
    at = [(d.user_id, d.decided_at) for d in stage.decisions]
    assert at == [(ALICE, stage.instant(3600)), (BOB, stage.instant(5400))]


def test_a_guild_that_has_not_been_seen_is_not_decided() -> None:
    """A revision alone tells nothing about who is where."""
    stage = Stage("rules: {}", appear=False)
    stage.step(voice(ALICE, LOBBY))
    assert stage.activate("rules: {r: {then: {mute: true}}}") == []


def test_a_limited_step_leaves_the_rest_for_the_next() -> None:
    """Many members are decided in slices, in the same order."""
    whole = Stage("rules: {}")
    sliced = Stage("rules: {}")
    for stage in (whole, sliced):
        for number in range(10):
            stage.step(voice(type(ALICE)(1000 + number), LOBBY))
    index = make_index("rules: {r: {where: lobby, then: {mute: true}}}")
    whole.engine.activate(index, whole.instant())
    sliced.engine.activate(index, sliced.instant())
    whole.step()
    at = sliced.instant()
    slices = []
    while sliced.engine.unfinished:
        slices.append(sliced.engine.step((), at, limit=3).decisions)
    assert [len(each) for each in slices] == [3, 3, 3, 1]
    assert tuple(d for each in slices for d in each) == tuple(whole.decisions)


def test_an_engine_without_a_revision_decides_nobody() -> None:
    """Before the first policy set there is nothing to wake up for."""
    stage = Stage("rules: {r: {then: {mute: true}}}")
    engine = Engine()
    engine.step([stage.snapshot(), voice(ALICE, MUSIC)], stage.instant())
    assert engine.wake_at is None
    assert not engine.unfinished
    assert engine.index.revision == ""
    assert [guild.id for guild in engine.guilds] == [100]
