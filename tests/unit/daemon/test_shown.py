"""Since when everything is shown: by shard, from when it is connected."""

from tests.unit.daemon.parts import Clock
from voxguard.daemon.shown import ALWAYS, Shown
from voxguard.model.ids import GuildId
from voxguard.ports.discord import GatewayStatus

EVEN, ODD = GuildId(2 << 22), GuildId(3 << 22)


def test_without_shards_nothing_is_missed() -> None:
    """As in a trace."""
    assert Shown(Clock().now).since(EVEN) == ALWAYS


def test_each_shard_shows_its_guilds_from_when_it_is_connected() -> None:
    """Not while it is away, and anew afterwards; what others do changes nothing."""
    clock = Clock()
    shown = Shown(clock.now)
    shown.status(GatewayStatus(2))
    assert (shown.since(EVEN), shown.since(ODD)) == (None, None)
    began = clock.now()
    shown.status(GatewayStatus(2, frozenset({0})))
    clock.forward(10)
    shown.status(GatewayStatus(2, frozenset({0, 1})))
    assert (shown.since(EVEN), shown.since(ODD)) == (began, clock.now())
    later = clock.now()
    clock.forward(10)
    shown.status(GatewayStatus(2, frozenset({1})))
    assert (shown.since(EVEN), shown.since(ODD)) == (None, later)
    shown.status(GatewayStatus(2, frozenset({0, 1})))
    assert (shown.since(EVEN), shown.since(ODD)) == (clock.now(), later)
