from collections.abc import Callable
from types import SimpleNamespace

import pytest

from voxguard.model.decisions import Effect
from voxguard.policy.effects.base import DEAFEN, MUTE, PLACEMENT, SEVERITY
from voxguard.policy.resolved import Rule

LoadRule = Callable[[str], Rule]
Facts = Callable[..., SimpleNamespace]
Problems = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("then", "effect", "slot", "release", "done"),
    [
        ("mute: true", Effect.MUTE, MUTE, Effect.UNMUTE, {"guild_mute": True}),
        ("deafen: true", Effect.DEAFEN, DEAFEN, Effect.UNDEAFEN, {"guild_deaf": True}),
        ("move: afk", Effect.MOVE, PLACEMENT, None, {"channel_id": 802}),
        ("disconnect: true", Effect.DISCONNECT, PLACEMENT, None, None),
    ],
)
def test_what_each_effect_wants(
    load_rule: LoadRule,
    facts: Facts,
    then: str,
    effect: Effect,
    slot: str,
    release: Effect | None,
    done: dict[str, object] | None,
) -> None:
    """Each effect has its slot, its release when it is held, and knows when it is done."""
    rule = load_rule(f"{{then: {{{then}}}}}")
    (want,) = rule.wants
    assert (want.effect, want.slot, want.release) == (effect, slot, release)
    assert want.held is (release is not None)
    assert not want.is_done(facts())
    assert done is None or want.is_done(facts(**done))
    assert rule.severity == want.severity == SEVERITY.index(effect.value)
    assert not rule.allows


def test_a_move_knows_its_channel(load_rule: LoadRule) -> None:
    """The target is an id, whether an alias or an id was written."""
    (want,) = load_rule("{then: {move: afk}}").wants
    assert want.target_id == 802
    assert want.params == {"channel": "802"}
    assert want.canonical() == "802"
    assert load_rule("{then: {move: '802'}}").wants == (want,)
    mute = load_rule("{then: {mute: true}}").wants[0]
    assert (mute.target_id, mute.params) == (None, {})


def test_effects_are_in_order_of_severity(load_rule: LoadRule) -> None:
    """However they are written, the most severe comes first."""
    rule = load_rule("{then: {mute: true, deafen: true, move: afk}}")
    assert [want.key for want in rule.wants] == ["move", "deafen", "mute"]
    assert [want.canonical() for want in rule.wants] == ["802", True, True]


def test_allow_is_a_flag_and_the_most_severe(load_rule: LoadRule) -> None:
    """It wants nothing itself; other effects may stand beside it."""
    rule = load_rule("{then: {allow: true}}")
    assert (rule.wants, rule.allows, rule.severity) == ((), True, 0)
    beside = load_rule("{then: {mute: true, allow: true}}")
    assert (len(beside.wants), beside.allows, beside.severity) == (1, True, 0)
    assert load_rule("{then: {disconnect: true}}").wants[0].canonical() is True


@pytest.mark.parametrize(
    ("then", "problem"),
    [
        ("{}", "19 VG012 No effect is named here."),
        ("{disconnect: true, move: afk}", "19 VG013 `disconnect` and `move` cannot stand"),
        ("{move: akf}", "26 VG102 There is no channel 'akf' in guild 110373943822540800."),
        ("{move: null}", "26 VG011 There is no value here."),
        ("{move: [afk]}", "26 VG011 A name is expected here, not a list."),
        ("{disconnect: false}", "32 VG012 This can only be true, not false."),
        ("{allow: yes}", "27 VG012 This can only be true, not 'yes'."),
        ("{mute: false}", "20 VG009 `mute`: Lifting (`false`) is not supported yet"),
        ("{mute: 1}", "26 VG011 This must be true, not '1'."),
        ("{kick: true}", "20 VG008 There is no key 'kick' here."),
        ("{timeout: 5m}", "20 VG009 `timeout`: This key of the language is not supported yet"),
        ("{warn: x}", "20 VG009 `warn`: This key of the language is not supported yet"),
        ("{announce: x}", "20 VG009 `announce`: "),
        ("{grant: dj}", "20 VG009 `grant`: "),
        ("{suppress: true}", "20 VG009 `suppress`: "),
        ("mute", "19 VG011 A mapping (`key: value`) is expected here, not 'mute'."),
    ],
)
def test_effects_that_make_no_sense_are_refused(
    problems_of: Problems, then: str, problem: str
) -> None:
    """Nothing is ignored and nothing is guessed."""
    (found,) = problems_of(f"rules:\n  one: {{    then: {then}}}\n")
    assert found.startswith(f"guild.yaml:8:{problem}")
