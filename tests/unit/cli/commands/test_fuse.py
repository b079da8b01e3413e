import asyncio
import json
from pathlib import Path

import pytest

from tests.unit.daemon.looked_at import at_work
from voxguard.cli.app import main
from voxguard.daemon.control.server import serve_control


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state directory of this test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOXGUARD_STATE_DIR", str(tmp_path))


async def test_a_blown_fuse_is_shown_and_reset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With whom it holds back, and then it is whole."""

    async def voxguard(*arguments: str) -> tuple[int, str]:
        code = await asyncio.to_thread(main, arguments)
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    async with at_work() as each, serve_control(each.insight(), tmp_path):
        nothing = "no fuse is blown, and no rule has acted on anybody lately\n"
        assert await voxguard("fuse", "show") == (0, nothing)
        each.enter(3)
        await each.settled()
        capsys.readouterr()
        code, out = await voxguard("fuse", "show")
        assert code == 0
        assert out.splitlines()[1].split() == [
            *("quiet", "100", "blown", "2026-03-02T12:00:00Z", "2", "2", "in", "30", "s", "1"),
        ]
        code, out = await voxguard("fuse", "show", "--format", "json")
        assert json.loads(out)["fuses"][0]["observed"] == 1
        code, out = await voxguard("fuse", "reset", "quiet")
        said = "quiet of guild 100 acts again; members decided anew: 1"
        assert (code, said in out.splitlines()) == (0, True)
        await each.settled()
        capsys.readouterr()
        code, out = await voxguard("fuse", "reset", "quiet", "--guild", "100")
        assert (code, out) == (0, "quiet of guild 100: the fuse is not blown\n")
        code, out = await voxguard("fuse", "reset", "qiet")
        assert code == 2
        assert "did you mean quiet?" in out


@pytest.mark.parametrize("arguments", [["show"], ["reset", "quiet"]])
def test_without_a_daemon(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 7."""
    assert main(["fuse", *arguments]) == 7
    assert "no daemon is at work" in capsys.readouterr().err
