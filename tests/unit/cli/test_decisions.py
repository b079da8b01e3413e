"""Decisions as people read them."""

import json
from pathlib import Path

import pytest

from voxguard.cli.app import main

GUILD = """
version: 1
guild:
  id: "1"
  channels: {lobby: "21", afk: "22", stage: "25"}
  roles: {dj: "42"}
rules:
  all:
    where: stage
    then:
      timeout: 90s
      deafen: true
      mute: true
      suppress: true
      grant: [dj, "43"]
      warn: "Please,\\nbe quiet"
      announce: {channel: afk, text: "{member}"}
  lifts: {mode: observe, where: lobby, then: {mute: false, move: "77"}}
"""
TRACE = [
    ("12:00:00", "GUILD_CREATE", {"id": "1", "channels": [{"id": "25", "type": 13}]}),
    ("12:00:00", "VOICE_STATE_UPDATE", {"guild_id": "1", "user_id": "11", "channel_id": "25"}),
    ("12:01:00", "VOICE_STATE_UPDATE", {"guild_id": "1", "user_id": "11", "channel_id": None}),
    ("12:02:00", "VOICE_STATE_UPDATE", {"guild_id": "1", "user_id": "12", "channel_id": "21"}),
]


def test_every_effect_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its parameters, names for ids, and what is only observed marked as such."""
    (tmp_path / "guild.yaml").write_text(GUILD)
    trace = tmp_path / "trace.jsonl"
    lines = [{"at": f"2026-03-02T{at}Z", "t": name, "d": payload} for at, name, payload in TRACE]
    trace.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert main(["simulate", str(trace), str(tmp_path)]) == 0
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    decided = [
        line.partition(" all ")[2] for line in shown if " stage all " in line or " - all " in line
    ]
    assert decided == [
        "timeout for 0:01:30",
        "deafen",
        "mute",
        "suppress",
        "grant dj",
        "grant 43",
        r"warn 'Please,\nbe quiet'",
        "announce in afk '{member}'",
        "undeafen",
        "unmute",
        "revoke dj",
        "revoke 43",
    ]
    assert any(line.endswith(" lifts move to 77 (observed)") for line in shown)
