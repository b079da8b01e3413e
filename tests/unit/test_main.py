import runpy
import sys

import pytest


def test_the_package_can_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m voxguard` is the command line, exit code included."""
    monkeypatch.setattr(sys, "argv", ["voxguard", "frobnicate"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("voxguard", run_name="__main__")
    assert ended.value.code == 2
