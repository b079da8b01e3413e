"""What the release before has written is read: an upgrade drops no lease."""

import json
from typing import Any, Final

import pytest

from tests.support.stage import ALICE, DJ, GUILD, LOBBY, START, Stage
from voxguard.engine.episodes import Episode, Lease
from voxguard.engine.memory import FORMAT, recall, remember
from voxguard.model.decisions import Effect
from voxguard.policy.effects.base import MUTE, role_slot

RULES = """
rules:
  quiet: {where: lobby, then: {mute: true, grant: dj}}
  limit: {where: lobby, for: 1h, then: {move: afk}}
"""
AT: Final = START.isoformat()
BEFORE: Final[dict[str, Any]] = {
    "format": 2,
    "channel": LOBBY,
    "visit": ["282ac77a-7730-5160-b9ad-7a50df3fb52a", AT],
    "bot": False,
    "roles": [[DJ], []],
    "joined_at": None,
    "mute": [True, True],
    "deaf": [False, False],
    "suppressed": [False, False],
    "judged": [],
    "history": {},
    "stretches": {
        "limit": ["enforce:1", AT, True, False, False, None],
        "quiet": ["enforce:2", AT, False, False, False, [AT, 0, None, False, []]],
    },
    "enforced": {
        "leases": {
            "mute": [["quiet", [100, 5, "quiet"], "mute", AT, AT, None, None]],
            "role:12": [["quiet", [100, 5, "quiet"], "grant", AT, AT, None, DJ]],
        },
        "placement": None,
    },
    "observed": {"leases": {}, "placement": ["disconnect", None]},
}


def test_episodes_and_leases_keep_their_ids() -> None:
    """They are those of the decisions that were made then, so that answers still belong."""
    stage = Stage(RULES)
    stage.enter(ALICE, LOBBY)
    (episode_id,) = {decision.episode_id for decision in stage.decisions}
    member = recall(GUILD, ALICE, json.dumps(BEFORE).encode())
    assert member.stretches["quiet"].episode == Episode(episode_id, START)
    order = (100, 5, "quiet")
    assert member.enforced.leases == {
        MUTE: {"quiet": Lease("quiet", order, Effect.MUTE, episode_id, START)},
        role_slot(DJ): {
            "quiet": Lease("quiet", order, Effect.GRANT, episode_id, START, role_id=DJ)
        },
    }
    assert member.here_since == START


def test_it_is_written_as_this_release_writes_it() -> None:
    """Reading what was read is the same member, of whom nothing was lost."""
    for visit in (BEFORE["visit"], None):
        member = recall(GUILD, ALICE, json.dumps(BEFORE | {"visit": visit}).encode())
        memory = remember(member)
        assert json.loads(memory)["format"] == FORMAT
        assert remember(recall(GUILD, ALICE, memory)) == memory
        assert member.stretches["limit"].since_at == START


@pytest.mark.parametrize("other", [1, FORMAT + 1, None])
def test_any_other_format_is_refused_whole(other: int | None) -> None:
    """What it lacks cannot be told from what never was."""
    with pytest.raises(ValueError, match=f"has format {other}, not 2 or {FORMAT}"):
        recall(GUILD, ALICE, json.dumps(BEFORE | {"format": other}).encode())
