from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from tests.end_to_end.conftest import Start
from tests.end_to_end.harbour import Harbour, Tables, write_policies

WITHIN_SECONDS = 3
RULES = f"""\
version: 1
rules:
  two-at-a-time:
    where: music
    limits: {{actions: {{max: 2, within: {WITHIN_SECONDS}s}}}}
    then: {{mute: true}}
  three-at-most:
    description: REASON
    where: hall
    limits: {{fuse: {{members: 3, within: 30s}}}}
    then: {{disconnect: true}}
"""
WAITING = """\
version: 1
rules:
  one-at-a-time:
    where: music
    limits: {actions: {max: 1, within: 15s}}
    then: {warn: "Hello {member}."}
"""
FIVE = ("alice", "bob", "carol", "dave", "trudy")
JITTER_SECONDS = 0.5
"""By how much later the first of two requests may arrive than it was sent."""


async def test_what_is_too_much_waits_and_is_done(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """Of five members at once two are acted on, and the others as soon as there is room."""
    write_policies(policies, {"rules.yaml": RULES})
    daemon = await (await start()).ready()
    for name in FIVE:
        harbour.join(name, "music")
    deferred = await daemon.all_lines(3, "outcome", outcome="deferred")
    assert len({line["member"] for line in deferred}) == 3
    await daemon.all_lines(5, "outcome", outcome="applied")
    assert await daemon.stop() == 0
    sent = sorted(edit.monotonic for edit in harbour.edits())
    print("sent after", [f"{at - sent[0]:.2f}" for at in sent])
    assert len(sent) == 5
    assert all(harbour.member(name).guild_mute for name in FIVE)
    for first, third in zip(sent, sent[2:], strict=False):
        assert third - first > WITHIN_SECONDS - JITTER_SECONDS
    rows = await tables.actions()
    assert [(row["effect"], row["outcome"]) for row in rows] == [("mute", "applied")] * 5
    waited = [row for row in rows if row["executed_at"] - row["decided_at"] > timedelta(seconds=2)]
    assert len(waited) == 3
    first_come = [harbour.edits(name)[0].monotonic for name in FIVE]
    assert all(before <= after + JITTER_SECONDS for before, after in pairwise(first_come))


async def test_a_rule_that_acts_on_too_many_is_taken_for_a_mistake(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """The fourth member within the time is let be, said loudly, until somebody edits the rule."""
    write_policies(policies, {"rules.yaml": RULES})
    daemon = await (await start()).ready()
    for name in FIVE:
        harbour.join(name, "hall")
    await daemon.all_lines(3, "outcome", outcome="applied")
    await daemon.all_lines(2, "decided", mode="observe")
    (said,) = [line for line in daemon.lines if line["level"] == "error"]
    assert (said["rule"], "too many members" in said["message"]) == ("three-at-most", True)
    assert [harbour.place(name) for name in FIVE] == [None, None, None, "hall", "hall"]
    write_policies(policies, {"rules.yaml": RULES.replace("REASON", "Closed.")})
    await daemon.all_lines(5, "outcome", outcome="applied")
    harbour.join("alice", "hall")
    await daemon.all_lines(6, "outcome", outcome="applied")
    assert await daemon.stop() == 0
    assert [harbour.place(name) for name in FIVE] == [None] * 5
    rows = await tables.actions()
    assert Counter((row["mode"], row["outcome"]) for row in rows) == {
        ("enforce", "applied"): 6,
        ("observe", "fused"): 2,
    }
    fused = {row["user_id"] for row in rows if row["outcome"] == "fused"}
    assert fused == {harbour.user_id("dave"), harbour.user_id("trudy")}
    assert len([line for line in daemon.lines if line["level"] == "error"]) == 1
    await daemon.line("a rule whose fuse was blown acts again", rule="three-at-most")


async def test_a_warning_that_waits_is_sent_after_a_kill(
    start: Start, harbour: Harbour, policies: Path, tables: Tables
) -> None:
    """What had to wait when the daemon was killed is done by the next one, and only once."""
    write_policies(policies, {"rules.yaml": WAITING})
    daemon = await (await start()).ready()
    harbour.join("alice", "music")
    await daemon.line("outcome", outcome="applied")
    harbour.join("bob", "music")
    await daemon.line("outcome", outcome="deferred")
    await tables.where(lambda rows: [row["outcome"] for row in rows] == ["applied", "deferred"])
    await daemon.kill()
    assert harbour.letters("bob") == []
    daemon = await (await start()).ready()
    await daemon.line("outcome", outcome="applied", member=str(harbour.user_id("bob")))
    assert await daemon.stop() == 0
    assert [harbour.letters(name) for name in ("alice", "bob")] == [
        ["Hello alice."],
        ["Hello bob."],
    ]
    rows = await tables.actions()
    assert [(row["effect"], row["outcome"]) for row in rows] == [("warn", "applied")] * 2
    await (await start()).with_database()
    assert len(harbour.sandbox.messages) == 2
