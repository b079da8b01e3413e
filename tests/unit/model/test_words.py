from datetime import UTC, datetime

from voxguard.model.decisions import Outcome
from voxguard.model.ids import created_at
from voxguard.model.problems import Mark


def test_an_id_tells_when_its_thing_was_created() -> None:
    """The example of Discord's own documentation, to the millisecond."""
    assert created_at(175928847299117063) == datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)


def test_only_waiting_outcomes_are_passing() -> None:
    """Whatever else is said of a decision is the last word."""
    passing = {outcome for outcome in Outcome if not outcome.is_final}
    assert passing == {Outcome.PENDING, Outcome.DEFERRED}


def test_a_mark_shows_as_much_as_is_known() -> None:
    """File, line and column, as editors and terminals understand them."""
    assert str(Mark("a.yaml", 3, 7)) == "a.yaml:3:7"
    assert str(Mark("a.yaml")) == "a.yaml"
