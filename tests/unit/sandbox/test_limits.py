import pytest

from tests.unit.sandbox.tools import ManualClock
from voxguard.sandbox.limits import Limit, RateLimiter


@pytest.fixture
def limiter(clock: ManualClock) -> RateLimiter:
    """A limiter on a clock that stands."""
    return RateLimiter(clock)


def test_a_bucket_counts_down_and_fills_again(limiter: RateLimiter, clock: ManualClock) -> None:
    """So many requests pass in a window that begins with the first; then it is said how long."""
    limiter.set("member_edit", Limit(2, 10.0))
    first = limiter.admit("member_edit", "1")
    assert first.headers["X-RateLimit-Limit"] == "2"
    assert first.headers["X-RateLimit-Remaining"] == "1"
    assert first.headers["X-RateLimit-Reset-After"] == "10.000"
    clock.seconds += 4
    assert limiter.admit("member_edit", "1").retry_after is None
    refused = limiter.admit("member_edit", "1")
    assert refused.retry_after == 6.0
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert refused.headers["Retry-After"] == "6"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    clock.seconds += 6
    assert limiter.admit("member_edit", "1").retry_after is None


def test_guilds_have_buckets_of_their_own_under_one_hash(limiter: RateLimiter) -> None:
    """One guild's requests do not count against another's, though the bucket's hash is the same."""
    limiter.set("member_edit", Limit(1, 10.0))
    one, other = limiter.admit("member_edit", "1"), limiter.admit("member_edit", "2")
    assert other.retry_after is None
    assert one.headers["X-RateLimit-Bucket"] == other.headers["X-RateLimit-Bucket"]
    role = limiter.admit("member_role", "1")
    assert role.headers["X-RateLimit-Bucket"] != one.headers["X-RateLimit-Bucket"]


def test_the_global_limit_is_over_all(limiter: RateLimiter, clock: ManualClock) -> None:
    """The 51st request of a second waits, whatever its route, and is told that it is global."""
    for guild in range(50):
        assert limiter.admit("member_edit", str(guild)).retry_after is None
    refused = limiter.admit("read", "")
    assert refused.is_global
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert refused.headers["X-RateLimit-Scope"] == "global"
    clock.seconds += 1
    assert limiter.admit("read", "").retry_after is None


def test_too_many_invalid_requests_are_banned(limiter: RateLimiter, clock: ManualClock) -> None:
    """After so many answers of 401, 403 and 429 nothing passes until the window is over."""
    limiter.set("invalid", Limit(2, 600.0))
    limiter.count_invalid()
    assert limiter.admit("read", "").retry_after is None
    limiter.count_invalid()
    assert limiter.invalid_count == 2
    banned = limiter.admit("read", "")
    assert banned.is_banned
    assert banned.headers == {}
    clock.seconds += 600
    assert limiter.admit("read", "").retry_after is None
    assert limiter.invalid_count == 0


def test_a_new_size_begins_a_new_window(limiter: RateLimiter) -> None:
    """Changing a limit forgets what was used of it."""
    limiter.set("read", Limit(1, 10.0))
    limiter.admit("read", "")
    limiter.set("read", Limit(3, 10.0))
    assert limiter.admit("read", "").headers["X-RateLimit-Remaining"] == "2"
