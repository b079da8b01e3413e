from datetime import timedelta

import pytest

from tests.unit.daemon.enforcement.tools import GUILD, Rig, decide
from voxguard.daemon.enforcement.allowance import Allowance
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.ids import GuildId
from voxguard.model.limits import Budget
from voxguard.ports.discord import MemberEdit, Place, RateLimited, Refused, Scope


def budget(most: int, seconds: float = 60) -> Budget:
    """So many actions in so many seconds."""
    return Budget(most, timedelta(seconds=seconds))


def served(rig: Rig) -> list[int]:
    """Whose requests go now; Discord does all of them."""
    users = []
    for request in rig.ready():
        users.append(int(request.user_id))
        rig.obey(request)
    return users


@pytest.fixture
def two(rig: Rig) -> Rig:
    """A guild whose rules may do two things a minute; ten members are there."""
    rig.budgets.guild = budget(2)
    for user in range(1, 11):
        rig.joined(user)
    return rig


def test_an_allowance_slides() -> None:
    """An action counts for exactly as long as the budget says."""
    allowance = Allowance(lambda: budget(2, 10))
    allowance.take(0)
    allowance.take(4)
    assert allowance.free_at(5) == 10
    assert allowance.free_at(10) == 10
    allowance.take(10)
    assert allowance.free_at(11) == 14


def test_a_budget_that_changes_counts_from_then_on() -> None:
    """A smaller one waits until enough of what was done is long ago, and none waits for nothing."""
    budgets: list[Budget | None] = [budget(3, 10)]
    allowance = Allowance(lambda: budgets[-1])
    for at in (0, 1, 2):
        allowance.take(at)
    assert allowance.free_at(3) == 10
    budgets.append(budget(1, 10))
    assert allowance.free_at(3) == 12
    budgets.append(None)
    assert allowance.free_at(3) == 3


def test_what_is_over_the_budget_waits_and_goes_in_order(two: Rig) -> None:
    """Nothing is dropped: the next ones go when the window allows it."""
    decisions = two.submit(*(decide(Effect.DISCONNECT, user) for user in range(1, 6)))
    assert served(two) == [1, 2]
    assert [two.outcomes(each) for each in decisions[2:]] == [[Outcome.DEFERRED]] * 3
    assert two.queue.wake_at(two.now) == two.now + 60
    two.queue.count(two.now)
    assert (two.stats.waiting, two.stats.deferred) == (3, 3)
    two.wait(60)
    assert served(two) == [3, 4]
    two.wait(60)
    assert served(two) == [5]
    assert two.outcomes(decisions[4]) == [Outcome.DEFERRED, Outcome.APPLIED]


def test_placements_go_first_also_when_the_budget_is_used_up(two: Rig) -> None:
    """The order of work in a guild is the same for what had to wait."""
    two.submit(*(decide(Effect.MUTE, user) for user in range(1, 5)))
    assert served(two) == [1, 2]
    two.submit(decide(Effect.DISCONNECT, 5))
    two.wait(60)
    assert served(two) == [5, 3]


def test_releases_are_not_counted(two: Rig) -> None:
    """What a rule did is ended also when nothing may be begun, and begins no window."""
    two.submit(decide(Effect.MUTE, 1), decide(Effect.MUTE, 2))
    assert served(two) == [1, 2]
    releases = two.submit(
        decide(Effect.UNMUTE, 1), decide(Effect.UNMUTE, 2), decide(Effect.REVOKE, 3)
    )
    assert sorted(served(two)) == [1, 2, 3]
    assert [two.outcomes(each) for each in releases] == [[Outcome.APPLIED]] * 3
    two.wait(60)
    two.submit(decide(Effect.MUTE, 4), decide(Effect.MUTE, 5))
    assert len(two.ready()) == 2


def test_a_lift_is_counted(two: Rig) -> None:
    """A rule that lifts mutes does something."""
    for user in (1, 2, 3):
        two.joined(user, mute=True)
    two.submit(*(decide(Effect.UNMUTE, user, release=False) for user in (1, 2, 3)))
    assert len(two.ready()) == 2


def test_what_needs_no_request_is_not_counted(two: Rig) -> None:
    """A mute of the muted takes nothing of the budget."""
    for user in (1, 2, 3):
        two.joined(user, mute=True)
    two.submit(*(decide(Effect.MUTE, user) for user in range(1, 6)))
    assert len(two.ready()) == 2


def test_what_is_no_longer_wanted_is_superseded(two: Rig) -> None:
    """A mute that ends while it waits, and a disconnect of who has left, never happen."""
    two.submit(decide(Effect.MUTE, 1), decide(Effect.MUTE, 2))
    two.ready()
    mute, out = two.submit(decide(Effect.MUTE, 3), decide(Effect.DISCONNECT, 4))
    assert two.ready() == []
    [release] = two.submit(decide(Effect.UNMUTE, 3))
    two.left(4)
    assert two.outcomes(mute) == two.outcomes(out) == [Outcome.DEFERRED, Outcome.SUPERSEDED]
    assert two.outcomes(release) == [Outcome.APPLIED]
    two.wait(60)
    assert two.ready() == []
    assert two.queue.wake_at(two.now) is None


def test_a_rules_own_budget_holds_up_that_rule_alone(rig: Rig) -> None:
    """Other rules of the guild go on, and the guild's budget counts all of them."""
    rig.budgets.rules["noisy"] = budget(1)
    rig.budgets.guild = budget(3)
    for user in range(1, 7):
        rig.joined(user)
    rig.submit(*(decide(Effect.MUTE, user, rule="noisy") for user in (1, 2)))
    rig.submit(*(decide(Effect.MUTE, user) for user in (3, 4, 5)))
    assert served(rig) == [1, 3, 4]
    rig.wait(60)
    assert served(rig) == [2, 5]


def test_other_guilds_have_their_own(two: Rig) -> None:
    """What one guild has used up is no other's."""
    other = GuildId(2)
    two.submit(*(decide(Effect.MUTE, user) for user in (1, 2, 3)))
    two.joined(1, guild=other)
    two.submit(decide(Effect.MUTE, 1, guild=other))
    assert [request.guild_id for request in two.ready()].count(other) == 1


def test_two_decisions_of_one_member_are_two_actions(two: Rig) -> None:
    """What could go in one request is parted where the budget has room for one alone."""
    two.submit(decide(Effect.MUTE, 1))
    two.obey(two.one())
    out, deafen = two.submit(decide(Effect.DISCONNECT, 2), decide(Effect.DEAFEN, 2))
    request = two.one()
    assert request.act == MemberEdit(place=Place(None))
    two.obey(request)
    assert two.outcomes(out) == [Outcome.APPLIED]
    assert two.outcomes(deafen) == [Outcome.DEFERRED, Outcome.PENDING]


def test_an_action_is_counted_once(two: Rig) -> None:
    """A request that has to be repeated, or goes in two steps, takes one place in the window."""
    mute, warn = two.submit(decide(Effect.MUTE, 1), decide(Effect.WARN, 2))
    first, second = two.ready()
    two.answer(first, RateLimited(1.0, Scope.USER))
    two.answer(second, RateLimited(1.0, Scope.USER))
    two.wait(2)
    assert len(two.ready()) == 2
    assert two.outcomes(mute) == two.outcomes(warn) == []


def test_a_refused_action_is_counted_too(two: Rig) -> None:
    """What fails was attempted."""
    two.submit(decide(Effect.MUTE, 1), decide(Effect.MUTE, 2), decide(Effect.MUTE, 3))
    for request in two.ready():
        two.answer(request, Refused(404, 10007, "Unknown Member"))
    assert two.ready() == []


def test_a_budget_that_comes_with_an_edit_binds_who_waits(two: Rig) -> None:
    """A rule that is given a budget of its own while its decisions wait keeps to it."""
    two.submit(*(decide(Effect.MUTE, user) for user in range(1, 7)))
    assert served(two) == [1, 2]
    two.budgets.rules["rule"] = budget(1, 600)
    two.budgets.guild = budget(100)
    assert served(two) == [3]
    assert two.queue.wake_at(two.now) == two.now + 600
    del two.budgets.rules["rule"]
    assert served(two) == [4, 5, 6]


def test_guilds_that_wait_for_a_budget_wake_nobody_early(two: Rig) -> None:
    """The queue sleeps until the window allows something."""
    two.submit(*(decide(Effect.MUTE, user) for user in range(1, 4)))
    assert served(two) == [1, 2]
    two.wait(30)
    assert two.ready() == []
    assert two.queue.wake_at(two.now) == two.now + 30
    two.queue.reported(GUILD, two.submit(decide(Effect.MUTE, 4))[0].user_id, two.now)
    assert two.queue.wake_at(two.now) == two.now + 30
