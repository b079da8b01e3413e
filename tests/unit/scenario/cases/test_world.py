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
