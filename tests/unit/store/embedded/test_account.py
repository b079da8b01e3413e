import asyncio
import os
import pwd
from pathlib import Path

import pytest

from voxguard.errors import UnreachableError
from voxguard.store.embedded import account as account_module
from voxguard.store.embedded.account import Account, choose_account

ROOT = os.geteuid() == 0


@pytest.mark.skipif(not ROOT, reason="an ordinary user is always himself")
def test_root_takes_the_owner_of_the_data(tmp_path: Path) -> None:
    """Data that are there already stay with whom they belong to."""
    os.chown(tmp_path, 12345, 54321)
    assert choose_account(tmp_path) == Account(12345, 54321)


@pytest.mark.skipif(not ROOT, reason="an ordinary user is always himself")
def test_root_takes_the_first_account_that_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account of our own is best; without any the error says what to do."""
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr(account_module, "_NAMES", ("no-such-user", "nobody"))
    expected = Account(nobody.pw_uid, nobody.pw_gid)
    assert choose_account(tmp_path / "none") == expected
    assert choose_account(tmp_path) == expected
    monkeypatch.setattr(account_module, "_NAMES", ("no-such-user",))
    with pytest.raises(UnreachableError, match="does not run as root"):
        choose_account(tmp_path)


def test_an_ordinary_user_is_himself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without root there is nobody else to be."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert choose_account(tmp_path) == Account()
    Account().give(tmp_path)


async def test_only_the_main_thread_starts_programs() -> None:
    """The kernel ends the server with the thread that started it, which must live as long."""
    with pytest.raises(RuntimeError, match="main thread"):
        await asyncio.to_thread(Account().popen, ["/bin/true"])
