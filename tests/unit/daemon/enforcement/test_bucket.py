import math

from voxguard.daemon.enforcement.bucket import MARGIN_SECONDS, UNKNOWN_BURST, Bucket
from voxguard.ports.discord import RateLimit


def test_an_unknown_bucket_lets_a_few_go() -> None:
    """Nothing is assumed of a size: a few are under way at once until an answer tells."""
    bucket = Bucket()
    for _ in range(UNKNOWN_BURST):
        assert bucket.free_at(0) == 0
        bucket.sent(0)
    assert bucket.free_at(0) == math.inf
    bucket.answered(None, 1)
    assert bucket.free_at(1) == 1


def test_what_is_under_way_counts_as_used() -> None:
    """An answer that says how many are left is reduced by those that it cannot know of."""
    bucket = Bucket()
    for _ in range(3):
        bucket.sent(0)
    bucket.answered(RateLimit(5, 4, 10.0), 1)
    for _ in range(2):
        assert bucket.free_at(1) == 1
        bucket.sent(1)
    assert bucket.free_at(1) == 11 + MARGIN_SECONDS


def test_answers_out_of_order_free_nothing() -> None:
    """An older answer of the same window does not bring used requests back."""
    bucket = Bucket()
    for _ in range(3):
        bucket.sent(0)
    bucket.answered(RateLimit(3, 0, 10.0), 1)
    bucket.answered(RateLimit(3, 2, 10.1), 1)
    assert bucket.free_at(1) == 11 + MARGIN_SECONDS


def test_a_window_that_is_over_gives_all_back() -> None:
    """After the reset the whole limit is there, less what is still under way."""
    bucket = Bucket()
    for _ in range(3):
        bucket.sent(0)
    bucket.answered(RateLimit(3, 0, 10.0), 0)
    bucket.answered(RateLimit(3, 0, 10.0), 0)
    for _ in range(2):
        assert bucket.free_at(11) == 11
        bucket.sent(11)
    assert bucket.free_at(11) == math.inf
    bucket.answered(RateLimit(3, 1, 10.0), 11)
    assert bucket.free_at(11) > 20


def test_a_window_without_any_answer_is_forgotten() -> None:
    """When no answer of a new window says anything the bucket counts as unknown again."""
    bucket = Bucket()
    bucket.sent(0)
    bucket.answered(RateLimit(1, 0, 1.0), 0)
    bucket.sent(5)
    assert bucket.free_at(5) == math.inf
    bucket.answered(None, 6)
    assert bucket.free_at(6) == 6


def test_a_pause_that_discord_asked_for() -> None:
    """A 429 closes the bucket for as long as it says, and a shorter one does not open it."""
    bucket = Bucket()
    bucket.close(10)
    bucket.close(5)
    assert bucket.free_at(0) == 10 + MARGIN_SECONDS
