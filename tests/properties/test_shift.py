"""A wall clock that is stepped: what counts elapsed time does not notice."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.random_rules import as_yaml, named_rules
from tests.properties.worlds import Life, end_of, lives, stage_for
from tests.support.restart import restarted
from tests.support.stage import GUILD, Stage
from voxguard.engine.state import MemberState, episode_ids
from voxguard.model.decisions import Decision

OF_THE_CALENDAR: Final = {"schedule", "lists", "account_age", "membership_age"}
STEPS: Final = st.sampled_from([-40_000, -3600, -61.5, -7.25, 7.25, 61.5, 3600, 40_000])


def elapsed_only(value: Any) -> Any:  # noqa: ANN401 - whatever YAML can hold
    """A part of a rule without what depends on the time of day, or on a date."""
    if not isinstance(value, dict):
        return value
    kept = {key: elapsed_only(each) for key, each in value.items() if key not in OF_THE_CALENDAR}
    if kept.get("per") == "day":
        kept["per"] = "1h"
    return {key: each for key, each in kept.items() if each != {}}


POLICIES: Final = named_rules().map(lambda named: as_yaml(elapsed_only(named)))


def told(decision: Decision, by: timedelta = timedelta()) -> tuple[object, ...]:
    """All that a decision says, but for the ids that are made of its instant."""
    names = (decision.rule, decision.effect, decision.mode, decision.release, decision.user_id)
    since_at = decision.details["matched_since"], decision.details["visit_since"]
    return (
        *names,
        decision.channel_id,
        dict(decision.params),
        decision.details["past"],
        decision.decided_at - by,
        *(None if at is None else datetime.fromisoformat(str(at)) - by for at in since_at),
    )


def begun_ids(member: MemberState) -> set[UUID]:
    """The ids of episodes that go on, or of which something is still held."""
    return episode_ids(member) | {
        lease.episode_id
        for layer in (member.enforced, member.observed)
        for leases in layer.leases.values()
        for lease in leases.values()
    }


def play(stage: Stage, life: Life, by: float = 0) -> None:
    """Play a life to its end, on a clock that shows so much more."""
    for at, happening in life:
        stage.at(at + by).step(*happening)


@given(POLICIES, lives(), st.integers(0, 900), STEPS)
def test_the_same_is_decided_at_the_same_time_later(
    policy: str, life: Life, when: int, by: float
) -> None:
    """Whenever the clock is stepped, in either direction; what had begun keeps its id."""
    compare(policy, life, when, by, killed=False)


@given(POLICIES, lives(deletions=False), st.integers(0, 900), STEPS)
def test_a_restart_after_a_step_changes_nothing(
    policy: str, life: Life, when: int, by: float
) -> None:
    """What is told anew is remembered as it is told."""
    compare(policy, life, when, by, killed=True)


def compare(policy: str, life: Life, when: int, by: float, *, killed: bool) -> None:
    """Play a life with a clock that is stepped in it, and without."""
    plain, stepped = stage_for(policy), stage_for(policy)
    end: Life = [(end_of(life), [])]
    play(plain, life + end)
    play(stepped, [step for step in life if step[0] <= when])
    before = len(stepped.decisions)
    guild = stepped.engine.guild(GUILD)
    assert guild is not None
    begun = {each for member in guild.members.values() for each in begun_ids(member)}
    stepped.engine.shift(timedelta(seconds=by), stepped.instant(when + by))
    stepped.at(when + by).step()
    if killed and guild.available:
        assert restarted(stepped.at(when + by + 0.5)) == []
    play(stepped, [step for step in life if step[0] > when] + end, by)
    moved = timedelta(seconds=by)
    assert plain.decisions[:before] == stepped.decisions[:before]
    later = list(zip(plain.decisions[before:], stepped.decisions[before:], strict=True))
    assert [told(each) for each, _ in later] == [told(other, moved) for _, other in later]
    for each, other in later:
        assert (each.episode_id == other.episode_id) is (each.episode_id in begun), each
    for visit in stepped.visits:
        assert visit.left_at is None or visit.joined_at <= visit.left_at
