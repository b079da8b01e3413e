"""A view of the demonstration with everything in it."""

from datetime import UTC, datetime, timedelta

from voxguard.daemon.demo.view import (
    Cause,
    ChannelView,
    DecisionView,
    EditView,
    MemberView,
    News,
    TimerView,
    View,
)

BEGAN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """An instant of the story."""
    return BEGAN + timedelta(seconds=seconds)


def full_view(at: float = 30.0, *, decisions: int = 6) -> View:
    """Thirty seconds in."""
    return View(
        at=after(at),
        began_at=BEGAN,
        caption="alice is [bold]muted.",
        guild="harbour",
        state="ready",
        revision="0123456789ab",
        channels=(
            ChannelView(
                "lobby",
                (
                    MemberView("alice", ("muted",), after(1)),
                    MemberView("carol", (), after(10)),
                ),
            ),
            ChannelView("music", (MemberView("bob", ("self-deafened",), after(2)),)),
            ChannelView("afk", ()),
        ),
        timers=(
            TimerView(after(32.5), ("alice", "carol"), "night-silence", "unmute"),
            TimerView(after(45), ("alice",), "lobby-time-limit", "move to afk"),
        ),
        decisions=tuple(
            DecisionView(
                after(number),
                "blocked-stay-out",
                "disconnect",
                f"mallory{number}",
                Cause.EVENT,
                "applied" if number else None,
                0.0051 if number else None,
            )
            for number in range(decisions)
        ),
        edits=(
            EditView("lists.yaml", "+ eve", after(20), "in force after 0.6 s"),
            EditView("rules.yaml", "~ disconect", after(25), "refused: rules.yaml:7:12", True),
        ),
        news=(News(after(3), "story", "mallory [joins]."),),
    )
