from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from voxguard.daemon.doctor import examine as examine_module
from voxguard.daemon.doctor.examine import examine
from voxguard.daemon.doctor.findings import Examination, Finding, State
from voxguard.sandbox.faults import Outage
from voxguard.sandbox.sandbox import Sandbox
from voxguard.settings import Settings

SAMPLES = Path(__file__).parents[4] / "policies"

POLICY = """\
version: 1
guild:
  id: "110373943822540800"
rules:
  quiet: {then: {mute: true}}
"""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox with the default world."""
    async with Sandbox() as running:
        yield running


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A small policy set for the sandbox's guild."""
    directory = tmp_path / "policies"
    directory.mkdir()
    (directory / "guild.yaml").write_text(POLICY)
    return directory


@pytest.fixture
def settings(sandbox: Sandbox, database_url: str, tmp_path: Path) -> Settings:
    """Settings with which everything is in reach."""
    return Settings(
        discord_token=SecretStr(sandbox.token),
        database_url=SecretStr(database_url),
        discord_api=sandbox.api_url,
        state_dir=tmp_path / "state",
    )


def only(found: Examination, check: str, state: State | None = None) -> Finding:
    """The one finding of a check."""
    [finding] = [
        each for each in found.findings if each.check == check and state in (None, each.state)
    ]
    return finding


async def test_a_healthy_installation(policies: Path, settings: Settings) -> None:
    """Every check is passed and counted, and the exit code is 0."""
    found = await examine(policies, settings)
    assert {finding.check for finding in found.findings} == {
        "policies",
        "database",
        "clock",
        "token",
        "intents",
        "permissions",
    }
    assert found.count(State.ERROR) == 0
    assert found.exit_code == 0
    assert only(found, "policies").message.startswith("1 rule for 1 guild, revision ")
    assert "0001" in only(found, "database").message
    assert found.as_json()["summary"] == {"fine": 7, "warning": 0, "error": 0, "skipped": 0}


async def test_the_samples_are_all_right_in_the_sandbox(settings: Settings) -> None:
    """Who tries the samples as they are is warned of nothing."""
    found = await examine(SAMPLES, settings)
    assert {finding.state for finding in found.findings} == {State.FINE}
    assert only(found, "policies").message.startswith("12 rules for 1 guild, revision ")


async def test_an_intent_that_is_not_granted(
    policies: Path, settings: Settings, sandbox: Sandbox
) -> None:
    """The daemon works without the members intent, so that is a warning."""
    sandbox.world.bot.privileged_intents = frozenset()
    found = await examine(policies, settings)
    assert only(found, "intents").state is State.WARNING
    assert found.exit_code == 0


async def test_guilds_that_do_not_match(policies: Path, settings: Settings) -> None:
    """A guild without the bot is an error with an invitation, one without policies a warning."""
    text = POLICY.replace("110373943822540800", "42")
    (policies / "guild.yaml").write_text(text)
    found = await examine(policies, settings)
    missing = only(found, "guild", State.ERROR)
    assert missing.subject == "42"
    assert "invite" in (missing.hint or "")
    assert only(found, "guild", State.WARNING).subject == "110373943822540800"
    assert found.exit_code == 1


async def test_policies_that_do_not_load(policies: Path, settings: Settings) -> None:
    """Their problems are findings with a place, the rest is looked at, and it ends with 3."""
    (policies / "guild.yaml").write_text("version: 1\nguild: {id: nobody}\n")
    found = await examine(policies, settings)
    assert only(found, "policies").subject.startswith("guild.yaml:2:")
    assert only(found, "token").state is State.FINE
    assert only(found, "permissions").state is State.SKIPPED
    assert found.exit_code == 3


async def test_no_token(policies: Path, settings: Settings) -> None:
    """A token that is not set is said, and ends with 2."""
    found = await examine(policies, settings.model_copy(update={"discord_token": None}))
    assert only(found, "token").message == "not set"
    assert found.exit_code == 2


async def test_a_token_that_discord_refuses(policies: Path, settings: Settings) -> None:
    """A wrong token ends with 7 and is not repeated."""
    wrong = settings.model_copy(update={"discord_token": SecretStr("wrong")})
    found = await examine(policies, wrong)
    finding = only(found, "discord")
    assert "refuses the token" in finding.message
    assert found.exit_code == 7


@pytest.mark.parametrize("outage", [Outage.ERROR, Outage.UNAVAILABLE])
async def test_discord_out_of_reach(
    policies: Path, settings: Settings, sandbox: Sandbox, outage: Outage
) -> None:
    """An outage of Discord ends with 7."""
    sandbox.set_outage(rest=outage)
    found = await examine(policies, settings)
    assert outage.value in only(found, "discord").message
    assert found.exit_code == 7


async def test_a_database_out_of_reach(policies: Path, settings: Settings) -> None:
    """A database that does not answer is found together with everything else, and ends with 7."""
    away = SecretStr("postgresql://somebody:secret@127.0.0.1:1/nothing")
    found = await examine(policies, settings.model_copy(update={"database_url": away}))
    finding = only(found, "database")
    assert finding.state is State.ERROR
    assert "secret" not in finding.message
    assert only(found, "token").state is State.FINE
    assert found.exit_code == 7


async def test_a_clock_that_is_wrong(
    policies: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that differs from Discord's and the database's is an error."""
    monkeypatch.setattr(examine_module, "LARGEST_OFFSET", timedelta(seconds=-1))
    found = await examine(policies, settings)
    clocks = [finding for finding in found.findings if finding.check == "clock"]
    assert [finding.state for finding in clocks] == [State.ERROR, State.ERROR]
    assert found.exit_code == 1
