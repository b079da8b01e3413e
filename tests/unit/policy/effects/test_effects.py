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
        ("{mute: 1}", "26 VG011 True or false is expected here, not '1'."),
        ("{deafen: null}", "28 VG011 There is no value here."),
        ("{kick: true}", "20 VG008 There is no key 'kick' here."),
        ("{timeout: x}", "29 VG012 'x' is not a duration."),
        ("{timeout: 0s}", "29 VG012 The duration '0s' is zero."),
        ("{timeout: 28d1s}", "29 VG012 A timeout lasts at most 28 days."),
        ("{warn: 5}", "26 VG011 A text is expected here, not '5'."),
        ("{warn: ' '}", "26 VG012 The message is empty."),
        ("{announce: x}", "30 VG011 A mapping (`key: value`) is expected here, not 'x'."),
        ("{announce: {text: x}}", "30 VG010 The key `channel` is missing here."),
        ("{announce: {channel: afk}}", "30 VG010 The key `text` is missing here."),
        ("{announce: {channel: akf, text: x}}", "40 VG102 There is no channel 'akf' in guild"),
        ("{announce: {channel: afk, text: ''}}", "51 VG012 The message is empty."),
        ("{announce: {channel: afk, text: x, to: x}}", "54 VG008 There is no key 'to' here."),
        ("{grant: []}", "27 VG012 This list is empty."),
        ("{grant: [dj, nobody]}", "32 VG102 There is no role 'nobody' in guild"),
        ("{grant: {any: dj}}", "27 VG011 A list is expected here, not a mapping."),
        ("{suppress: false}", "30 VG012 This can only be true, not false."),
        ("{hold: 5m}", "19 VG013 `hold` has nothing to hold."),
        ("{mute: false, hold: 5m}", "19 VG013 `hold` has nothing to hold."),
        ("{allow: true, hold: 5m}", "19 VG013 `hold` has nothing to hold."),
        ("{warn: x, timeout: 5m, hold: 5m}", "19 VG013 `hold` has nothing to hold."),
        ("{mute: true, hold: 0s}", "38 VG012 The duration '0s' is zero."),
        ("mute", "19 VG011 A mapping (`key: value`) is expected here, not 'mute'."),
    ],
)
def test_effects_that_make_no_sense_are_refused(
    problems_of: Problems, then: str, problem: str
) -> None:
    """Nothing is ignored and nothing is guessed."""
    (found,) = problems_of(f"rules:\n  one: {{    then: {then}}}\n")
    assert found.startswith(f"guild.yaml:8:{problem}")
