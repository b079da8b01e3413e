"""The page on metrics lists what is exposed."""

import re
from typing import Final

from tests.docs.pages import DOCS
from tests.unit.daemon.looked_at import LookedAt
from voxguard.daemon.metrics.catalogue import CATALOGUE, DaemonMetrics
from voxguard.web.metrics import Exposition

PAGE: Final = (DOCS / "metrics.md").read_text()
_ROW: Final = re.compile(r"^\| `(\w+)` \| (\w+) \| (.*) \| (.+) \|$", re.MULTILINE)


def test_the_tables_are_the_catalogue() -> None:
    """Name, kind, labels and meaning of each metric, in the same order."""
    rows = [
        (name, kind, re.findall(r"\w+", labels), text)
        for name, kind, labels, text in _ROW.findall(PAGE)
    ]
    assert rows == [(each.name, each.kind, list(each.labels), each.help) for each in CATALOGUE]


async def test_what_is_exposed_is_in_the_tables() -> None:
    """Each of our names that Prometheus would read, and none besides."""
    text = Exposition(DaemonMetrics(LookedAt().insight())).text().decode()
    exposed = set(re.findall(r"^# TYPE (voxguard_\w+)", text, re.MULTILINE))
    assert exposed == {name for name, *_ in _ROW.findall(PAGE)}


def test_alerts_ask_for_metrics_that_there_are() -> None:
    """Whoever copies them is woken."""
    _, _, alerts = PAGE.partition("## What to be woken for")
    asked = set(re.findall(r"voxguard_\w+", alerts))
    assert asked
    assert asked <= {each.name for each in CATALOGUE}
