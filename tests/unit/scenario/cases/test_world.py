from collections.abc import Callable

import pytest

Failures = Callable[..., list[str]]


def _expects(at: str, expected: str, member: str = "alice") -> str:
    return f"{{at: {at}, expect: {{{member}: {expected}}}}}"


def _does(at: str, action: str, member: str = "alice") -> str:
    return f"{{at: {at}, member: {member}, {action}}}"


@pytest.mark.parametrize(
    ("flag", "stays"),
    [("self_mute", True), ("self_deaf", True), ("camera", False), ("streaming", False)],
)
def test_what_a_member_takes_along(failures: Failures, flag: str, stays: bool) -> None:
    """Muting oneself outlasts a visit, a camera does not, and neither needs to be in voice."""
    policies = f"rules: {{one: {{when: {{state: {{{flag}: true}}}}, then: {{mute: true}}}}}}"
    steps = (
        _does("0s", f"state: {{{flag}: true}}"),
        _expects("0s", "{mute: true}"),
        _does("1s", "enters: music"),
        _expects("1s", "nothing"),
        _does("2s", "leaves: true"),
        _expects("2s", "{unmute: true}"),
        _does("3s", "enters: lobby"),
        _expects("3s", "{mute: true}" if stays else "nothing"),
    )
    assert failures(policies, "{alice: {in: lobby}}", *steps) == []


def test_an_audience_is_that_of_its_stage(failures: Failures) -> None:
    """Who goes elsewhere is suppressed no more."""
    policies = "rules: {one: {when: {state: {suppressed: true}}, then: {mute: true}}}"
    steps = (
        _does("0s", "state: {suppressed: true}"),
        _expects("0s", "{mute: true}"),
        _does("1s", "enters: music"),
        _expects("1s", "{unmute: true}"),
    )
    assert failures(policies, "{alice: {in: lobby}}", *steps) == []


def test_who_is_exempt(failures: Failures) -> None:
    """Bots and administrators are by default; an administrator stays one when roles change."""
    policies = "rules: {one: {where: lobby, then: {mute: true}}}"
    members = "{bot: {bot: true, in: lobby}, admin: {admin: true, in: lobby}, alice: {in: lobby}}"
    steps = (
        _expects("0s", "{mute: true}"),
        _does("1s", "roles: [dj]", "admin"),
        _expects("1s", "nothing", "admin"),
    )
    assert failures(policies, members, *steps) == []
    both = "{at: 0s, expect: {bot: {mute: true}, admin: {mute: true}, alice: {mute: true}}}"
    guild = "  exempt: {bots: false, admins: false}\n"
    assert failures(policies, members, both, guild=guild) == []


def test_roles_are_what_the_step_says(failures: Failures) -> None:
    """All of them: a role that is not named is gone. Everybody has the guild's own id."""
    policies = """
    rules:
      djs: {who: {roles: dj}, then: {mute: true}}
      all: {who: {roles: "100"}, then: {deafen: true}}
    """
    steps = (
        _expects("0s", "[{mute: true}, {deafen: true}]"),
        _does("1s", "roles: [staff]"),
        _expects("1s", "{unmute: true}"),
    )
    assert failures(policies, "{alice: {in: lobby, roles: [dj, staff]}}", *steps) == []


def test_a_mute_of_ours_and_a_moderators_hand(failures: Failures) -> None:
    """`humans` plays no part: a moderator's hand on a mute of ours neither ends nor keeps it."""
    policies = "rules: {one: {where: lobby, then: {mute: true, deafen: true}}}"
    for hand in ("mute: false, deafen: false", "mute: true, deafen: true"):
        steps = (
            _expects("0s", "[{mute: true}, {deafen: true}]"),
            _does("1s", f"human: {{{hand}}}"),
            _expects("1s", "nothing"),
            _does("2s", "enters: music"),
            _expects("2s", "[{unmute: true}, {undeafen: true}]"),
            _does("3s", "enters: lobby"),
            _expects("3s", "[{mute: true}, {deafen: true}]"),
        )
        assert failures(policies, "{alice: {in: lobby}}", *steps) == []


def test_what_a_moderator_did_first_is_left_alone(failures: Failures) -> None:
    """Neither a decision nor a release; lifted by that hand, the rule acts."""
    policies = "rules: {one: {where: lobby, then: {mute: true}}}"
    steps = (
        _does("1s", "human: {mute: true}"),
        _does("2s", "enters: lobby"),
        _expects("2s", "nothing"),
        _does("3s", "human: {mute: false}"),
        _expects("3s", "{mute: true}"),
    )
    assert failures(policies, "{alice: {in: music}}", *steps) == []


def test_who_is_timed_out_drops_out_of_voice(failures: Failures) -> None:
    """Coming back is another visit and another episode."""
    policies = "rules: {one: {where: lobby, then: {timeout: 90s, warn: please}}}"
    both = "[{timeout: 90s}, {warn: please}]"
    steps = (
        _expects("0s", both),
        _does("1s", "state: {self_mute: true}"),
        _expects("1s", "nothing"),
        _does("2s", "enters: lobby"),
        _expects("2s", both),
    )
    assert failures(policies, "{alice: {in: lobby}}", *steps) == []


def test_who_is_moved_is_there_at_once_and_has_not_entered(failures: Failures) -> None:
    """The rules of the other channel hold at the same instant; a move of ours is no entry."""
    policies = """
    rules:
      away: {where: lobby, then: {move: music}}
      there: {where: music, then: {mute: true}}
      hop: {when: {entries: {min: 3, within: 1m}}, then: {deafen: true}}
    """
    steps = (
        _does("1s", "enters: lobby"),
        _expects("1s", "[{move: music}, {mute: true}]"),
        _does("2s", "enters: afk"),
        _expects("2s", "{unmute: true}"),
        _does("3s", "enters: lobby"),
        _expects("3s", "[{move: music}, {deafen: true}, {mute: true}]"),
        _expects("61s", "{undeafen: true}"),
    )
    assert failures(policies, "{alice: {}}", *steps) == []


def test_granted_roles_are_there_and_revoked_ones_are_not(failures: Failures) -> None:
    """Discord says so, and a moderator's hand has the last word once no lease is on it."""
    policies = """
    rules:
      gives: {where: lobby, then: {grant: dj}}
      djs: {who: {roles: dj}, then: {mute: true}}
    """
    steps = (
        _does("1s", "enters: lobby"),
        _expects("1s", "[{grant: dj}, {mute: true}]"),
        _does("2s", "roles: [staff]"),
        _expects("2s", "nothing"),
        _does("3s", "leaves: true"),
        _expects("3s", "[{revoke: dj}, {unmute: true}]"),
        _does("4s", "enters: music"),
        _expects("4s", "nothing"),
        _does("5s", "roles: [dj]"),
        _expects("5s", "{mute: true}"),
    )
    assert failures(policies, "{alice: {}}", *steps) == []


def test_what_is_lifted_is_gone(failures: Failures) -> None:
    """Whoever set it; what a moderator sets again is there again."""
    policies = "rules: {one: {who: {roles: dj}, then: {mute: false, deafen: false}}}"
    steps = (
        _does("1s", "human: {mute: true, deafen: true}"),
        _expects("1s", "nothing"),
        _does("2s", "roles: [dj]"),
        _expects("2s", "[{undeafen: true}, {unmute: true}]"),
        _does("3s", "human: {mute: true}"),
        _expects("3s", "nothing"),
        _does("4s", "roles: []"),
        _does("5s", "roles: [dj]"),
        _expects("5s", "{unmute: true}"),
    )
    assert failures(policies, "{alice: {in: lobby}}", *steps) == []


def test_who_enters_a_stage_listens(failures: Failures) -> None:
    """A rule that wants so has nothing to do, until somebody invites them to speak."""
    policies = "rules: {one: {where: [lobby, music], then: {suppress: true}}}"
    steps = (
        _does("1s", "enters: lobby"),
        _expects("1s", "nothing"),
        _does("2s", "state: {suppressed: false}"),
        _expects("2s", "{suppress: true}"),
        _does("3s", "enters: music"),
        _expects("3s", "nothing"),
        _does("4s", "enters: afk"),
        _expects("4s", "nothing"),
    )
    assert failures(policies, "{alice: {}}", *steps, stages="[lobby, music]") == []


def test_a_hold_that_runs_out_while_the_member_is_away(failures: Failures) -> None:
    """Is expected like any other release, and at the rejoin nothing of it is left."""
    policies = "rules: {one: {where: lobby, then: {mute: true, grant: dj, hold: 10s}}}"
    both = "[{mute: true}, {grant: dj}]"
    steps = (
        _expects("0s", both),
        _does("1s", "leaves: true"),
        _expects("1s", "nothing"),
        _expects("10s", "[{unmute: true}, {revoke: dj}]"),
        _does("11s", "enters: lobby"),
        _expects("11s", both),
    )
    assert failures(policies, "{alice: {in: lobby}}", *steps) == []


def test_steps_and_cooldowns_are_those_of_the_test(failures: Failures) -> None:
    """Each test begins with nobody having done anything."""
    policies = """
    rules:
      one:
        where: lobby
        cooldown: 10s
        escalate: {forget_after: 1h, steps: [{warn: a}, {announce: {channel: afk, text: b}}]}
    """
    steps = (
        _expects("0s", "{warn: a}"),
        _does("1s", "enters: music"),
        _does("2s", "enters: lobby"),
        _expects("2s", "nothing"),
        _expects("10s", "{announce: {channel: afk, text: b}}"),
    )
    for _ in range(2):
        assert failures(policies, "{alice: {in: lobby}}", *steps) == []


def test_who_was_there_at_the_start_is_spared(failures: Failures) -> None:
    """In that visit, as by the first snapshot of a daemon."""
    policies = "rules: {one: {existing: spare, then: {mute: true}}}"
    steps = (
        _expects("0s", "nothing"),
        _does("1s", "enters: music"),
        _expects("1s", "{mute: true}"),
    )
    assert failures(policies, "{alice: {in: lobby}}", *steps) == []
