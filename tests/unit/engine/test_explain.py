from dataclasses import replace
from datetime import timedelta

from tests.support.stage import ALICE, GUILD, LOBBY, STAFF, START, make_index
from voxguard.engine.explain import LOOKED_AHEAD, explain
from voxguard.engine.explanation import (
    Explanation,
    Obstacle,
    RuleExplanation,
    Standing,
    Verdict,
)
from voxguard.engine.newcomer import Newcomer
from voxguard.model.decisions import Effect, Mode
from voxguard.model.ids import RoleId
from voxguard.model.world import ChannelKind

HERE = Newcomer(
    user_id=ALICE, channel_id=LOBBY, category_known=True, category_id=None, kind=ChannelKind.VOICE
)
UNSURE = replace(HERE, category_known=False, kind=None)
YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN


def explained(policies: str, newcomer: Newcomer = HERE, *, guild: str = "") -> Explanation:
    """All of the explanation at the start."""
    return explain(make_index(policies, guild=guild).guilds[GUILD], newcomer, START)


def rule(policies: str, newcomer: Newcomer = HERE, *, guild: str = "") -> RuleExplanation:
    """The explanation of the only rule."""
    (one,) = explained(policies, newcomer, guild=guild).rules
    return one


def standings(explanation: Explanation) -> dict[str, tuple[tuple[Standing, str | None], ...]]:
    """What becomes of the first effect of each rule."""
    return {each.name: each.wants[0].standings for each in explanation.rules}


LISTS = """
lists:
  short: {entries: ["501"]}
  timed: {entries: [{id: "501", until: 2026-03-02T12:10:00Z}]}
  other: {entries: ["502"]}
schedules:
  midday: {windows: [{start: "0 12 * * *", end: "30 13 * * *"}]}
  evening: {windows: [{start: "0 20 * * *", for: 1h}]}
"""


def test_a_rule_that_holds_decides_and_meets_no_obstacle() -> None:
    """A rule whose conditions match holds; its effect decides the slot."""
    one = rule("rules: {one: {where: lobby, then: {mute: true}, description: why}}")
    assert (one.name, one.mode, one.priority, one.description) == ("one", Mode.ENFORCE, 100, "why")
    assert (one.matches, one.holds, one.obstacles, one.excused) == (YES, YES, (), None)
    assert (one.unless, one.lasting, one.due_at, one.changes_at) == (None, None, None, None)
    assert one.wants[0].standings == ((Standing.DECIDES, None),)
    assert one.wants[0].effect is Effect.MUTE


def test_a_rule_with_for_says_when_it_will_hold() -> None:
    """`for` counts from the instant of the question, and the rule begins at its end."""
    one = rule("rules: {one: {where: lobby, for: 1h, then: {move: afk}}}")
    due_at = START + timedelta(hours=1)
    assert (one.matches, one.holds, one.obstacles) == (YES, NO, (Obstacle.FOR,))
    assert (one.due_at, one.changes_at) == (due_at, due_at)
    assert one.lasting == timedelta(hours=1)
    assert not one.across_channels
    assert one.wants[0].standings == ((Standing.SILENT, None),)


def test_for_is_followed_through_schedules() -> None:
    """A schedule that closes before `for` is over sends the beginning to a later opening."""
    text = LISTS + "rules: {one: {when: {schedule: evening}, for: 30m, then: {mute: true}}}"
    assert rule(text).changes_at == START + timedelta(hours=8, minutes=30)


def test_what_never_comes_is_not_looked_for_without_end() -> None:
    """A rule whose `for` is longer than its schedule never holds; the search gives up."""
    text = LISTS + "rules: {one: {when: {schedule: evening}, for: 2h, then: {mute: true}}}"
    assert LOOKED_AHEAD < 1_000
    assert rule(text).changes_at is None


def test_unless_excuses() -> None:
    """A matching `unless` keeps a rule from holding, until it stops."""
    one = rule(LISTS + "rules: {one: {unless: {who: {lists: timed}}, then: {mute: true}}}")
    assert (one.matches, one.excused, one.holds) == (YES, YES, NO)
    assert one.obstacles == (Obstacle.UNLESS,)
    assert one.unless is not None
    assert one.unless[0].verdict is YES
    assert one.changes_at == START + timedelta(minutes=10)


def test_conditions_that_do_not_match_are_an_obstacle() -> None:
    """A rule with a condition that does not match does not hold, whatever `unless` says."""
    one = rule("rules: {one: {where: music, unless: {where: afk}, then: {mute: true}}}")
    assert (one.matches, one.excused, one.holds) == (NO, NO, NO)
    assert one.obstacles == (Obstacle.CONDITIONS,)


def test_an_exempt_member_meets_no_rule() -> None:
    """For an exempt member no rule holds, and it is said why they are exempt."""
    guild = "exempt: {who: {roles: staff}}"
    staff = replace(HERE, roles=frozenset([STAFF]))
    text = "rules: {one: {then: {mute: true}}}"
    found = explained(text, staff, guild=guild)
    assert (found.exempt, found.exempt_by) == (YES, ("who",))
    assert found.exempt_who[0].verdict is YES
    assert found.rules[0].obstacles == (Obstacle.EXEMPT,)
    assert found.decisions == ()
    assert explained(text, replace(HERE, bot=True)).exempt_by == ("bots",)
    assert explained(text, guild=guild).exempt is NO


def test_the_end_of_an_exemption_is_foreseen() -> None:
    """A rule begins when the list entry ends that exempts the member, and `for` with it."""
    text = LISTS + "rules: {one: {then: {mute: true}}, two: {for: 5m, then: {deafen: true}}}"
    found = explained(text, guild="exempt: {who: {lists: timed}}")
    by_name = {each.name: each.changes_at for each in found.rules}
    assert by_name["one"] == START + timedelta(minutes=10) == found.changes_at
    assert by_name["two"] == START + timedelta(minutes=15)


def test_losers_of_a_slot_name_the_winner() -> None:
    """The first rule decides a slot; others agree with it or lose to it."""
    found = explained("""
rules:
  a: {priority: 1, then: {move: afk}}
  b: {priority: 2, then: {disconnect: true}}
  c: {priority: 3, then: {move: afk}}
  d: {priority: 4, then: {mute: true}}
""")
    assert standings(found) == {
        "a": ((Standing.DECIDES, None),),
        "b": ((Standing.TAKEN, "a"),),
        "c": ((Standing.AGREES, "a"),),
        "d": ((Standing.WAITS, "a"),),
    }
    assert [(each.rule, each.effect, each.certain) for each in found.decisions] == [
        ("a", Effect.MOVE, True)
    ]


def test_allow_silences_later_rules() -> None:
    """Behind an `allow` a rule holds but loses; those before it do not care."""
    found = explained("""
rules:
  a: {priority: 1, then: {mute: true}}
  b: {priority: 2, then: {allow: true, deafen: true}}
  c: {priority: 3, then: {disconnect: true}}
""")
    assert standings(found) == {
        "a": ((Standing.DECIDES, None),),
        "b": ((Standing.DECIDES, None),),
        "c": ((Standing.ALLOWED, "b"),),
    }
    assert [each.allows for each in found.rules] == [False, True, False]


def test_a_move_to_where_the_member_is_is_done() -> None:
    """Nothing to do still decides the slot."""
    found = explained(
        "rules: {a: {priority: 1, then: {move: lobby}}, b: {then: {disconnect: true}}}"
    )
    assert standings(found) == {"a": ((Standing.DONE, None),), "b": ((Standing.TAKEN, "a"),)}
    assert found.decisions == ()


def test_a_placement_behind_an_observed_allow_is_waited_for() -> None:
    """The placement happens, since nobody but observing rules sees that `allow`."""
    found = explained("""
rules:
  a: {mode: observe, priority: 1, then: {allow: true, mute: true}}
  b: {priority: 2, then: {disconnect: true}}
""")
    assert standings(found) == {"a": ((Standing.WAITS, "b"),), "b": ((Standing.DECIDES, None),)}


def test_observing_rules_stand_behind_all_before_them() -> None:
    """Enforcing rules never see a rule in observe; it respects both kinds before it."""
    found = explained("""
rules:
  a: {mode: observe, priority: 1, then: {move: music}}
  b: {priority: 2, then: {move: afk}}
  c: {mode: observe, priority: 3, then: {disconnect: true}}
  d: {mode: observe, priority: 4, then: {mute: true}}
""")
    assert standings(found) == {
        "a": ((Standing.DECIDES, None),),
        "b": ((Standing.DECIDES, None),),
        "c": ((Standing.TAKEN, "a"),),
        "d": ((Standing.WAITS, "a"),),
    }
    assert [(each.rule, each.mode) for each in found.decisions] == [
        ("a", Mode.OBSERVE),
        ("b", Mode.ENFORCE),
    ]


def test_everyone_has_the_role_of_the_guild() -> None:
    """The guild's id as a role is everybody."""
    assert rule("rules: {a: {who: {roles: '100'}, then: {mute: true}}}").holds is YES
    assert RoleId(GUILD) not in HERE.roles


def test_outside_of_a_stage_there_is_no_audience() -> None:
    """The rule holds and decides the slot, but there is no such thing."""
    text = "rules: {a: {then: {suppress: true}}}"
    assert standings(explained(text)) == {"a": ((Standing.IMPOSSIBLE, None),)}
    on_stage = replace(HERE, kind=ChannelKind.STAGE)
    assert standings(explained(text, on_stage)) == {"a": ((Standing.DECIDES, None),)}
    unsure = ((Standing.IMPOSSIBLE, None), (Standing.DECIDES, None))
    assert standings(explained(text, UNSURE)) == {"a": unsure}


def test_every_message_is_sent() -> None:
    """It has no slot that another rule could take; behind an `allow` it is not."""
    found = explained("""
rules:
  a: {priority: 1, then: {warn: x}}
  b: {priority: 2, then: {warn: x, allow: true}}
  c: {priority: 3, then: {announce: {channel: lobby, text: x}}}
""")
    assert standings(found) == {
        "a": ((Standing.DECIDES, None),),
        "b": ((Standing.DECIDES, None),),
        "c": ((Standing.ALLOWED, "b"),),
    }
    assert [each.wants[0].slot for each in found.rules] == [None, None, None]


def test_lifting_what_is_not_there_decides_the_slot() -> None:
    """So that a later rule that would set it loses."""
    found = explained("rules: {a: {priority: 1, then: {mute: false}}, b: {then: {mute: true}}}")
    assert standings(found) == {"a": ((Standing.DONE, None),), "b": ((Standing.TAKEN, "a"),)}


def test_a_rule_says_how_long_it_holds_and_rests() -> None:
    """Its `hold` and its `cooldown`, and nothing where it has none."""
    one = rule("rules: {a: {cooldown: 1h, then: {mute: true, hold: 10m}}}")
    assert (one.hold, one.cooldown) == (timedelta(minutes=10), timedelta(hours=1))
    assert (one.step, one.steps) == (1, 1)
    plain = rule("rules: {a: {then: {mute: true}}}")
    assert (plain.hold, plain.cooldown) == (None, None)
