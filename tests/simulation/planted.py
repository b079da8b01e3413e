"""Planted bugs: each breaks the program in one place, and the simulation has to notice."""
# ruff: noqa: ANN401 - what is only handed on may be anything

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from voxguard.daemon import attribution, chronicler, core, ledger, moderator, takeup
from voxguard.daemon.enforcement import answers, bucket, desk, enforcer, lane, observer, queue
from voxguard.daemon.enforcement.requests import Request
from voxguard.daemon.enforcement.review import Reviewer
from voxguard.daemon.enforcement.wants import Want
from voxguard.engine import decide, intake, leases, memory, restart
from voxguard.engine.step import Step
from voxguard.model.decisions import Decision, Effect, Mode, Outcome
from voxguard.policy.effects.mute import Mute
from voxguard.ports.discord import Applied, Unreachable
from voxguard.ports.outbox import OutboxBatch, OutboxState

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Bug:
    """A planted bug, the invariants of which one has to be violated, and the seed to begin with."""

    plant: Plant
    names: tuple[str, ...]
    first: int = 0


def _send_first(patch: pytest.MonkeyPatch) -> None:
    commit = ledger.Ledger._write

    async def plant(self: ledger.Ledger, batch: OutboxBatch) -> None:
        if batch.decisions:
            self._on_durable(batch.decisions)
        await commit(self, batch)

    patch.setattr(ledger.Ledger, "_write", plant)


def _no_mark(patch: pytest.MonkeyPatch) -> None:
    async def plant(self: enforcer.Enforcer, decisions: Sequence[Decision]) -> None:
        """Forget that it must be on disk before it is sent."""

    patch.setattr(enforcer.Enforcer, "_mark", plant)


def _release_again(patch: pytest.MonkeyPatch) -> None:
    answered = answers.Clerk.take_answer

    def plant(
        self: answers.Clerk, each: desk.Desk, request: Request, answer: Any, now: float
    ) -> None:
        answered(self, each, request, answer, now)
        if isinstance(answer, Applied) and request.wants[0].is_release:
            each.wants.setdefault(request.wants[0].slot, request.wants[0])
            each.beliefs.clear()

    patch.setattr(answers.Clerk, "take_answer", plant)


def _release_twice(patch: pytest.MonkeyPatch) -> None:
    note = chronicler.Chronicler.note

    def plant(self: chronicler.Chronicler, step: Step) -> None:
        releases = [each for each in step.decisions if each.release]
        again = tuple(replace(each, id=UUID(int=each.id.int ^ 1)) for each in releases)
        note(self, replace(step, decisions=step.decisions + again))

    patch.setattr(chronicler.Chronicler, "note", plant)


def _forget_pending(patch: pytest.MonkeyPatch) -> None:
    take_up = takeup.take_up

    def plant(state: OutboxState, *rest: Any) -> Any:
        taken = take_up(state, *rest)
        taken.unfinished[:] = [
            each for each in taken.unfinished if each.outcome is not Outcome.PENDING
        ]
        return taken

    patch.setattr(core, "take_up", plant)


def _count_echoes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(attribution.Attribution, "_voice_state", lambda _self, event: event)


def _momentary_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(takeup, "is_momentary", lambda _: False)
    patch.setattr(queue, "is_momentary", lambda _: False)


def _lift_humans(patch: pytest.MonkeyPatch) -> None:
    is_so = Reviewer._is_so

    def plant(self: Reviewer, want: Want, values: Any, now: float) -> bool:
        return want.decision.effect is not Effect.MUTE and is_so(self, want, values, now)

    patch.setattr(Mute, "is_done", lambda _self, _facts: False)
    patch.setattr(Reviewer, "_is_so", plant)


def _drop_deferred(patch: pytest.MonkeyPatch) -> None:
    tell = lane.Lane.tell

    def plant(self: lane.Lane, settling: Any, now: float) -> None:
        waiting = dict(self._untold)
        tell(self, settling, now)
        for want, each in waiting.items():
            if want.told is Outcome.DEFERRED and each.holds(want):
                del each.wants[want.slot]

    patch.setattr(lane.Lane, "tell", plant)


def _ignore_429(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(bucket.Bucket, "close", lambda _self, _until: None)


def _forget_leases(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(memory, "_recall_layer", lambda _layer, _memory: None)


def _no_exemption(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decide, "exemption", lambda *_: (False, None))


def _send_observed(patch: pytest.MonkeyPatch) -> None:
    def plant(self: enforcer.Enforcer, decisions: Sequence[Decision]) -> None:
        self._queue.submit(decisions, self._time(), self._now())
        self._pump()

    patch.setattr(enforcer.Enforcer, "submit", plant)


def _outcome_twice(patch: pytest.MonkeyPatch) -> None:
    tell = enforcer.Enforcer._tell

    def plant(self: enforcer.Enforcer, settled: Any) -> None:
        tell(self, settled)
        if settled.outcome is Outcome.APPLIED:
            asyncio.get_running_loop().call_later(1.0, tell, self, settled)

    patch.setattr(enforcer.Enforcer, "_tell", plant)


def _never_observed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(observer.Observer, "observe", lambda _self, _decisions: None)


def _stay_open(patch: pytest.MonkeyPatch) -> None:
    def plant(guild: Any, member: Any, *_: object) -> None:
        member.visit = None

    patch.setattr(intake, "end_visit", plant)
    patch.setattr(restart, "_end", plant)


def _two_edits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(desk.Desk, "open_wants", property(lambda self: list(self.wants.values())))


def _late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moderator, "LONGEST_NAP_SECONDS", 10.0)
    set_timer = moderator.Moderator._set_timer

    def plant(self: moderator.Moderator) -> None:
        set_timer(self)
        if self._timer is not None:
            at = self._timer.when() + 0.5
            self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_at(at, self._wake)

    patch.setattr(moderator.Moderator, "_set_timer", plant)


def _no_memory(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chronicler.Chronicler, "_changed", lambda _self, _key: None)


def _doubt_is_done(patch: pytest.MonkeyPatch) -> None:
    answered = answers.Clerk.take_answer

    def plant(
        self: answers.Clerk, each: desk.Desk, request: Request, answer: Any, now: float
    ) -> None:
        if isinstance(answer, Unreachable):
            answer = Applied()
        answered(self, each, request, answer, now)

    patch.setattr(answers.Clerk, "take_answer", plant)


def _keep_lease(patch: pytest.MonkeyPatch) -> None:
    release = leases._release

    def plant(member: Any, mode: Mode, ended: Any) -> list[Any]:
        return [] if mode is Mode.ENFORCE else release(member, mode, ended)

    patch.setattr(leases, "_release", plant)


BUGS: dict[str, Bug] = {
    "what is decided is sent before it is on disk": Bug(_send_first, ("write ahead",)),
    "what was deferred is sent before the disk says so": Bug(_no_mark, ("write ahead",), 51),
    "a release is sent again": Bug(_release_again, ("again",)),
    "a release is decided twice": Bug(_release_twice, ("release",)),
    "a release is never decided": Bug(_keep_lease, ("orphan",)),
    "a pending release is forgotten at a restart": Bug(_forget_pending, ("outcomes",), 16),
    "a move of ours counts as an entry": Bug(_count_echoes, ("echo",)),
    "a momentary effect is sent again after a crash": Bug(_momentary_again, ("sent again",), 87),
    "a human's mute is lifted": Bug(_lift_humans, ("human",), 6),
    "what waits for a budget is dropped": Bug(_drop_deferred, ("outcomes",), 20),
    "a 429 of a bucket is ignored": Bug(_ignore_429, ("429 ignored",)),
    "leases are forgotten at a restart": Bug(_forget_leases, ("orphan",)),
    "memories do not reach the disk": Bug(_no_memory, ("orphan", "visits")),
    "exempt members are acted upon": Bug(_no_exemption, ("exempt",)),
    "what is only observed is sent": Bug(_send_observed, ("observe",)),
    "a final outcome is recorded twice": Bug(_outcome_twice, ("outcomes",)),
    "what is observed has no outcome": Bug(_never_observed, ("outcomes",)),
    "visits are not closed as lost": Bug(_stay_open, ("visits",)),
    "two edits of a member are under way": Bug(_two_edits, ("in flight",)),
    "a timer comes late": Bug(_late, ("late",)),
    "no answer passes for done": Bug(_doubt_is_done, ("not carried", "orphan")),
}
