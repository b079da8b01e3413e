"""A daemon starts with its files, or loudly with the last good revision, or not at all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.daemon.reload.sets import Running, numbers, rule, write_set
from voxguard.daemon.reload import start
from voxguard.daemon.reload.loader import Loader
from voxguard.daemon.reload.start import NoPoliciesError, load_initial
from voxguard.daemon.revisions import Revisions
from voxguard.errors import PolicyError


async def activated(path: Path, loader: Loader, revisions: Revisions) -> str:
    """Start once and keep what was started with."""
    started = await load_initial(path, loader, revisions)
    assert started.candidate.kept is not None
    at = datetime(2026, 3, 1, tzinfo=UTC)
    revisions.activate(started.candidate.kept, started.candidate.revision, at)
    return started.candidate.revision


async def test_good_files_are_what_it_starts_with(
    policies: Path, loader: Loader, revisions: Revisions
) -> None:
    """The first revision is that of the files."""
    started = await load_initial(policies, loader, revisions)
    assert numbers(started.candidate) == {1}
    assert started.status.in_force
    assert started.status.word() == "loaded"
    assert started.status.since is None


async def test_without_files_or_history_it_does_not_start(
    tmp_path: Path, loader: Loader, revisions: Revisions
) -> None:
    """With nothing to go on with the error names the path and holds every problem."""
    nowhere = tmp_path / "nowhere"
    with pytest.raises(NoPoliciesError) as caught:
        await load_initial(nowhere, loader, revisions)
    why = f"The policy directory {nowhere} does not exist."
    assert str(caught.value) == f"the policies in {nowhere} do not load: {why}"
    assert f"voxguard lint {nowhere} lists" in (caught.value.hint or "")
    assert isinstance(caught.value, PolicyError)
    assert [problem.check for problem in caught.value.problems] == ["VG001"]


async def test_broken_files_mean_the_last_good_revision(
    policies: Path, loader: Loader, revisions: Revisions, running: Running
) -> None:
    """The last good revision is used, and this is said for as long as it lasts."""
    good = await activated(policies, loader, revisions)
    (policies / "one.yaml").write_text("nonsense")
    started = await load_initial(policies, loader, revisions)
    assert started.candidate.revision == good
    assert started.status.from_last_good
    assert started.status.word() == "last good revision"
    assert [problem.mark.file for problem in started.status.errors] == ["one.yaml"]
    kept = revisions.active()
    assert kept is not None
    assert started.status.since == kept.activated_at
    async with running(start=started) as daemon:
        (policies / "two.yaml").write_text("nonsense too")
        await daemon.until(lambda: len(daemon.status.errors) == 2)
        assert daemon.status.from_last_good
        write_set(policies, 1)
        await daemon.until(lambda: daemon.status.in_force and not daemon.status.from_last_good)
        assert daemon.candidates == []
        assert daemon.reloader is not None
        counts = daemon.reloader.counts
        assert (counts.loaded, counts.same, counts.failed) == (0, 1, 0)
        assert counts.invalid >= 2


async def test_what_was_good_may_be_damaged(
    policies: Path, loader: Loader, revisions: Revisions
) -> None:
    """A kept revision that is not what was kept is not used, and both reasons are given."""
    await activated(policies, loader, revisions)
    active = revisions.active()
    assert active is not None
    (policies / "one.yaml").write_text("nonsense")
    (active.path / "one.yaml").write_text(rule("one", 3))
    with pytest.raises(NoPoliciesError, match=r"one\.yaml.*damaged: its files have been changed"):
        await load_initial(policies, loader, revisions)
    (active.path / "one.yaml").write_text("nonsense")
    with pytest.raises(NoPoliciesError, match=r"damaged: one\.yaml"):
        await load_initial(policies, loader, revisions)
    (revisions.directory / "active.json").write_text("")
    with pytest.raises(NoPoliciesError, match=r"active\.json"):
        await load_initial(policies, loader, revisions)


async def test_files_that_never_rest(
    policies: Path, loader: Loader, revisions: Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start does not wait for ever for files that keep changing."""
    await activated(policies, loader, revisions)
    monkeypatch.setattr(start, "_PATIENCE_SECONDS", 0.1)
    started = await load_initial(policies, loader, revisions)
    assert started.status.from_last_good
    assert "changed while they were read" in str(started.status.failure)
    assert started.signature == ""
