from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.daemon.enforcement.discord_model import (
    PLACES,
    WITHOUT_LOOKING,
    Model,
    is_final,
)
from tests.unit.daemon.enforcement.people import Person
from tests.unit.daemon.enforcement.tools import PLENTY
from voxguard.daemon.enforcement.desk import reported_values
from voxguard.daemon.enforcement.kinds import Field, Kind
from voxguard.daemon.enforcement.requests import LONGEST_NONCE
from voxguard.daemon.enforcement.wants import Want, make_want
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.limits import Budget
from voxguard.ports.discord import RoleEdit

# Most of what matters happens to one member, between a mute and its release.
USERS = st.sampled_from([1, 1, 1, 2])
EFFECTS = st.sampled_from([*Effect, Effect.MUTE, Effect.UNMUTE, Effect.GRANT, Effect.REVOKE])
NUMBERS = st.integers(0, 1)

SUBMIT = st.tuples(st.just("submit"), EFFECTS, USERS)
TURN = st.tuples(st.just("turn"), USERS)
LOOK = st.tuples(st.just("look"), NUMBERS, st.sampled_from(WITHOUT_LOOKING))
ANSWER = st.tuples(st.just("answer"), NUMBERS)
STEP = st.one_of(
    SUBMIT,
    TURN,
    LOOK,
    ANSWER,
    st.tuples(st.just("go"), USERS, st.sampled_from(PLACES)),
    st.tuples(st.just("lose"), NUMBERS),
    st.tuples(st.just("deliver")),
    st.tuples(st.just("touch"), st.just(2)),
    st.tuples(st.just("permit"), st.sampled_from(list(Kind)), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.6, 2.5, 61.0])),
)
# A guild's budget that is used up now and then, and one that never is.
BUDGETS = st.sampled_from([PLENTY, Budget(3, timedelta(seconds=5))])
STEPS = st.lists(st.one_of(SUBMIT, TURN, LOOK, ANSWER, STEP), min_size=12, max_size=50)


def play(model: Model, steps: list[tuple[Any, ...]]) -> None:
    """Take the steps, whatever they are."""
    for name, *values in steps:
        if name == "lose":
            model.answer(values[0], lost=True)
        elif name == "permit":
            model.permit(values[0], permitted=values[1])
        else:
            getattr(model, name)(*values)


@settings(max_examples=300, deadline=None)
@given(STEPS, BUDGETS)
def test_nothing_is_lost_and_the_last_word_counts(
    steps: list[tuple[Any, ...]], budget: Budget
) -> None:
    """Whatever happens, each decision ends once, and members are as they were last decided."""
    model = Model()
    model.rig.budgets.guild = budget
    model.go(1, PLACES[1])
    model.wait(5)
    play(model, steps)
    model.settle()
    last = {}
    for decision in model.decisions:
        outcomes = model.rig.outcomes(decision)
        person = model.people[decision.user_id]
        waits_for_a_join = person.channel is None and outcomes[-1:] == [Outcome.PENDING]
        assert waits_for_a_join or is_final(outcomes[-1]), (decision.effect, outcomes)
        want = make_want(decision, 0)
        last[decision.user_id, want.field] = (want, outcomes[-1])
    for (user, field), (want, outcome) in last.items():
        person = model.people[user]
        if outcome is Outcome.APPLIED and not person.touched:
            assert is_as_wanted(person, user, field, want)


def is_as_wanted(person: Person, user: int, field: Field, want: Want) -> bool:
    """Whether the last word on a member is what is the case, as far as it stays the case."""
    match want.value:
        case bool():
            return reported_values(person.state(user)).get(field, want.value) == want.value
        case RoleEdit(role_id=role_id, granted=granted):
            return granted == (role_id in person.roles)
        case datetime():
            return person.timeout_until == want.value
        case _:
            return True


@settings(max_examples=200, deadline=None)
@given(STEPS, BUDGETS)
def test_a_message_arrives_once_or_not_at_all(steps: list[tuple[Any, ...]], budget: Budget) -> None:
    """Whatever gets lost, nobody reads a message twice, and one that is applied was delivered."""
    model = Model()
    model.rig.budgets.guild = budget
    model.go(1, PLACES[1])
    play(model, steps)
    model.settle()
    for decision in model.decisions:
        if decision.effect in (Effect.WARN, Effect.ANNOUNCE):
            count = model.delivered[decision.id.hex[-LONGEST_NONCE:]]
            outcome = model.rig.outcomes(decision)[-1]
            assert count <= 1
            assert count == 1 or outcome is not Outcome.APPLIED
            assert count == 0 or outcome in (Outcome.APPLIED, Outcome.UNKNOWN)


@settings(max_examples=100, deadline=None)
@given(STEPS, BUDGETS)
def test_a_quiet_queue_wakes_nobody_and_keeps_nothing(
    steps: list[tuple[Any, ...]], budget: Budget
) -> None:
    """Once all is done no timer runs, and only those are remembered who have to join first."""
    model = Model()
    model.rig.budgets.guild = budget
    play(model, steps)
    model.settle()
    assert model.rig.queue.wake_at(model.rig.now) is None
    assert all(line.is_empty for line in model.rig.queue._roster.lines)
    desks = [d for line in model.rig.queue._roster.lines for d in line.desks.values()]
    assert all(want.told is Outcome.PENDING for desk in desks for want in desk.wants.values())
    assert all(desk.wants for desk in desks)
