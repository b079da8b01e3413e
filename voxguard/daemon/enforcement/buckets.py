"""The buckets of all routes, as Discord groups them."""

from voxguard.daemon.enforcement.bucket import Bucket
from voxguard.daemon.enforcement.kinds import BucketKey
from voxguard.ports.discord import RateLimit

SWEEP_ABOVE = 1_000


class Buckets:
    """Finds the bucket of a route; routes share one once Discord has named it for both.

    Source: Discord developer documentation, "Rate Limits".
    """

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._by_key: dict[BucketKey, Bucket] = {}
        self._by_name: dict[tuple[str, int], Bucket] = {}
        self._sweep_above = SWEEP_ABOVE

    def of(self, key: BucketKey) -> Bucket:
        """The bucket that a request by this route counts to."""
        bucket = self._by_key.get(key)
        if bucket is None:
            bucket = self._by_key[key] = Bucket()
        return bucket

    def answered(self, key: BucketKey, bucket: Bucket, seen: RateLimit | None, now: float) -> None:
        """An answer has come to a request that was counted to `bucket`."""
        bucket.answered(seen, now)
        if seen is None or not seen.bucket:
            return
        shared = self._by_name.setdefault((seen.bucket, key[1]), bucket)
        if shared is not bucket and self._by_key.get(key) is bucket:
            self._by_key[key] = shared
            # Discord may have asked for a pause before it was known that the two are one.
            shared.close(bucket.closed_until)
            shared.sent(now)
            shared.answered(seen, now)
        if len(self._by_key) > self._sweep_above:
            self._sweep(now)

    def _sweep(self, now: float) -> None:
        """Forget those of which nothing would be known any more, such as of direct messages."""
        for key in [key for key, each in self._by_key.items() if each.is_quiet(now)]:
            del self._by_key[key]
        kept = set(map(id, self._by_key.values()))
        self._by_name = {name: each for name, each in self._by_name.items() if id(each) in kept}
        self._sweep_above = SWEEP_ABOVE + 2 * len(self._by_key)
