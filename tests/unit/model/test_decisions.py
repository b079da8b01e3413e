from voxguard.model.decisions import Outcome


def test_only_waiting_outcomes_are_passing() -> None:
    """Whatever else is said of a decision is the last word."""
    passing = {outcome for outcome in Outcome if not outcome.is_final}
    assert passing == {Outcome.PENDING, Outcome.DEFERRED}
