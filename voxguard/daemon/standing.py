"""What is amiss for as long as it lasts, in sentences for people."""

from collections.abc import Iterator

from voxguard.daemon.fuse_states import fuse_states
from voxguard.daemon.insight import Insight


def standing_warnings(insight: Insight) -> list[str]:
    """Everything that somebody should do something about, although work goes on."""
    return [*insight.vitals.health().degraded, *_of_fuses(insight), *_of_refusals(insight)]


def _of_fuses(insight: Insight) -> Iterator[str]:
    for each in fuse_states(insight.engine, insight.now()):
        if each.blown_at is not None:
            yield (
                f"rule {each.rule} of guild {each.guild_id} only observes: it was about to act on "
                f"more members than its fuse lets through, which is {each.fuse.members} within "
                f"{each.fuse.within.total_seconds():g} s (voxguard fuse show)"
            )


def _of_refusals(insight: Insight) -> Iterator[str]:
    for guild_id, kind in insight.core.enforcement.stats.paused:
        yield (
            f"Discord refuses {kind} in guild {guild_id}: a permission is missing "
            f"(voxguard doctor says which)"
        )
