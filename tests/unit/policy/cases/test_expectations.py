from datetime import timedelta
from types import SimpleNamespace

import pytest

from voxguard.model.decisions import Effect
from voxguard.policy.cases.expectations import EVERY_KIND, KINDS
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.policy.scope import Scope

REPORT = Report()
SCOPE = Scope("moscow", REPORT, channels={"afk": 2}, roles={"dj": 12})  # type: ignore[dict-item]
PLACE = Place("a.test.yaml")
BY_KEY = {kind.key: kind for kind in EVERY_KIND}


def test_every_decision_can_be_expected() -> None:
    """Whatever the engine can decide has its word in tests."""
    assert set(KINDS) == set(Effect)


@pytest.mark.parametrize(
    ("key", "value", "params"),
    [
        ("mute", True, {}),
        ("move", "afk", {"channel": "2"}),
        ("move", "nowhere", None),
        ("grant", "dj", {"role": "12"}),
        ("revoke", "nobody", None),
        ("timeout", timedelta(minutes=10), {"seconds": 600}),
        ("warn", "quiet, please", {"text": "quiet, please"}),
        (
            "announce",
            SimpleNamespace(channel="afk", text="{member} is away"),
            {"channel": "2", "text": "{member} is away"},
        ),
        ("announce", SimpleNamespace(channel="nowhere", text=""), None),
    ],
)
def test_parameters_are_those_of_decisions(
    key: str, value: object, params: dict[str, object] | None
) -> None:
    """An expectation can be compared with a decision as it is."""
    found = BY_KEY[key].params(value, SCOPE, PLACE)
    assert (None if found is None else dict(found)) == params
