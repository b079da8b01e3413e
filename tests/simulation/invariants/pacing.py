"""Rate limits: a 429 comes only where the simulation forces it, and is heeded."""

from dataclasses import dataclass, field

from tests.simulation.hands import Change
from tests.simulation.rest import TIMEOUT_SECONDS, Rest, Sent
from tests.simulation.watch import Watch
from voxguard.daemon.enforcement.kinds import BucketKey
from voxguard.ports.discord import Answer, RateLimited, Scope

EPSILON = 0.001
SLACK_SECONDS = 3.0


@dataclass(slots=True)
class Pacing:
    """Knows of each process which buckets it has been told to leave alone.

    `_named` is when it first saw which bucket a route belongs to, `_told_at` when it was last
    told to leave one alone.
    """

    watch: Watch
    rest: Rest
    _closed: dict[tuple[int, BucketKey | None], float] = field(default_factory=dict)
    _unclear_until: dict[tuple[str, str], float] = field(default_factory=dict)
    _since: dict[int, float] = field(default_factory=dict)
    _told_at: dict[tuple[int, BucketKey | None], float] = field(default_factory=dict)
    _named: dict[tuple[int, BucketKey], float] = field(default_factory=dict)
    _learned: dict[tuple[int, BucketKey], float] = field(default_factory=dict)

    def sent(self, sent: Sent) -> None:
        """It leaves; not while its bucket is closed."""
        self._since.setdefault(sent.life, sent.at)
        for key in (None, sent.request.bucket_key):
            if sent.at < self._closed.get((sent.life, key), 0.0) - EPSILON:
                left = self._closed[sent.life, key] - sent.at
                named_at = self._named.get((sent.life, sent.request.bucket_key), 0.0)
                told_at = self._told_at.get((sent.life, key), 0.0)
                name = "429 ignored" if named_at <= told_at else "429 forgotten"
                self.watch.violated(name, f"{sent.asked.bucket}: {left:.1f} s too early")
        learned_at = self._learned.get((sent.life, sent.request.bucket_key), -1.0)
        if sent.forced or learned_at < self.rest.limits_changed_at:
            # What its headers would say is not known, and it counts all the same.
            window = self.rest.limiter.limits[sent.asked.bucket].within_seconds
            until = sent.at + TIMEOUT_SECONDS + window + SLACK_SECONDS
            shared = sent.asked.bucket, sent.asked.major
            self._unclear_until[shared] = max(until, self._unclear_until.get(shared, 0.0))

    def done(self, sent: Sent, answer: Answer, change: Change | None, *, limited: bool) -> None:
        """Discord has taken it in, or would not because of a limit."""
        del change
        if not limited or not isinstance(answer, RateLimited):
            return
        window = self.rest.limiter.limits[sent.asked.bucket].within_seconds
        key = sent.asked.bucket, sent.asked.major
        is_new = sent.at - self._since[sent.life] < window + SLACK_SECONDS
        # Discord may change a limit while the request is on its way.
        is_new = is_new or sent.at < self.rest.limits_changed_at
        if not is_new and sent.at > self._unclear_until.get(key, 0.0):
            self.watch.violated("rate limit", f"{sent.asked.bucket} of {sent.asked.major}")

    def answered(self, sent: Sent, answer: Answer) -> None:
        """The process has been told to wait, or has not."""
        if answer.rate_limit is not None:
            key = sent.life, sent.request.bucket_key
            self._named.setdefault(key, self.rest.timeline.monotonic())
            if sent.at > self.rest.limits_changed_at:
                self._learned[key] = self.rest.timeline.monotonic()
        if isinstance(answer, RateLimited):
            bucket = None if answer.scope is Scope.GLOBAL else sent.request.bucket_key
            until = self.rest.timeline.monotonic() + answer.retry_after_seconds
            self._told_at[sent.life, bucket] = self.rest.timeline.monotonic()
            closed = self._closed.get((sent.life, bucket), 0.0)
            self._closed[sent.life, bucket] = max(until, closed)
