import asyncio
import socket
from collections.abc import Callable

import pytest
from aiohttp import web

from tests.unit.discord.tools import (
    AFK_ID,
    ALICE_ID,
    BOB_ID,
    CAROL_ID,
    GUILD_ID,
    LOBBY_ID,
    answering,
)
from voxguard.discord.app import open_app
from voxguard.discord.rest import DiscordActor
from voxguard.model.ids import ChannelId, UserId
from voxguard.ports.discord import (
    Answer,
    Applied,
    MemberEdit,
    NotConnected,
    Place,
    RateLimit,
    RateLimited,
    Refused,
    Scope,
    Unreachable,
)
from voxguard.sandbox.faults import Outage
from voxguard.sandbox.sandbox import Sandbox

MUTE = MemberEdit(mute=True)


async def edit_against(respond: Callable[[web.Request], web.StreamResponse]) -> Answer:
    """What the actor makes of a server's answer."""
    async with answering(respond) as url, open_app("token", url) as app:
        return await DiscordActor(app).act(GUILD_ID, ALICE_ID, MUTE, "why")


async def test_one_request_changes_everything_at_once(
    sandbox: Sandbox, actor: DiscordActor
) -> None:
    """Mute, deafen and place go in one PATCH with the reason, and the answer brings the bucket."""
    edit = MemberEdit(mute=True, deaf=True, place=Place(AFK_ID))
    answer = await actor.act(GUILD_ID, ALICE_ID, edit, "voxguard: näch/ts")
    assert isinstance(answer, Applied)
    assert answer.rate_limit is not None
    assert answer.rate_limit == RateLimit(10, 9, answer.rate_limit.reset_after_seconds)
    assert 9 < answer.rate_limit.reset_after_seconds <= 10
    [request] = sandbox.requests
    assert request.body == {"mute": True, "deaf": True, "channel_id": str(AFK_ID)}
    assert request.reason == "voxguard: näch/ts"


async def test_only_what_is_wanted_is_sent(sandbox: Sandbox, actor: DiscordActor) -> None:
    """A disconnect sends a channel of null and nothing else, and no reason where there is none."""
    await actor.act(GUILD_ID, ALICE_ID, MemberEdit(place=Place(None)), "")
    [request] = sandbox.requests
    assert request.body == {"channel_id": None}
    assert request.reason is None


async def test_who_is_not_in_voice(actor: DiscordActor) -> None:
    """The code 40032 is an answer of its own."""
    answer = await actor.act(GUILD_ID, CAROL_ID, MUTE, "why")
    assert isinstance(answer, NotConnected)


async def test_refusals_carry_discords_code_and_text(actor: DiscordActor) -> None:
    """An unknown channel and an unknown user are refused with status, code and text."""
    move = MemberEdit(place=Place(ChannelId(1)))
    answer = await actor.act(GUILD_ID, ALICE_ID, move, "why")
    assert isinstance(answer, Refused)
    assert (answer.status, answer.code, answer.text) == (404, 10003, "Unknown Channel")
    answer = await actor.act(GUILD_ID, UserId(1), MUTE, "why")
    assert isinstance(answer, Refused)
    assert answer.code == 10013


async def test_a_wrong_token_is_refused(sandbox: Sandbox) -> None:
    """A 401 is a refusal that shows its status."""
    async with open_app("wrong", sandbox.api_url) as app:
        answer = await DiscordActor(app).act(GUILD_ID, ALICE_ID, MUTE, "why")
    assert isinstance(answer, Refused)
    assert answer.status == 401


async def test_a_full_bucket_is_told_and_not_waited_for(
    sandbox: Sandbox, actor: DiscordActor
) -> None:
    """A 429 of the guild's bucket comes back at once with its scope and pause, sent only once."""
    sandbox.set_limit("member_edit", limit=1, within_seconds=30.0)
    await actor.act(GUILD_ID, ALICE_ID, MUTE, "why")
    answer = await actor.act(GUILD_ID, BOB_ID, MUTE, "why")
    assert isinstance(answer, RateLimited)
    assert answer.scope is Scope.USER
    assert 20 < answer.retry_after_seconds <= 30
    assert len(sandbox.requests) == 2


async def test_the_global_limit_is_told_apart(sandbox: Sandbox, actor: DiscordActor) -> None:
    """A 429 of the global limit says so."""
    sandbox.set_limit("global", limit=1, within_seconds=30.0)
    await actor.act(GUILD_ID, ALICE_ID, MUTE, "why")
    answer = await actor.act(GUILD_ID, ALICE_ID, MUTE, "why")
    assert isinstance(answer, RateLimited)
    assert answer.scope is Scope.GLOBAL


async def test_shared_limits_are_told_apart() -> None:
    """A 429 that is about a resource that others use too says so."""
    answer = await edit_against(
        lambda _: web.json_response(
            {"message": "slow", "retry_after": 2.5, "global": False},
            status=429,
            headers={"X-RateLimit-Scope": "shared"},
        )
    )
    assert answer == RateLimited(2.5, Scope.SHARED)


@pytest.mark.parametrize(("headers", "seconds"), [({"Retry-After": "7"}, 7.0), ({}, 60.0)])
async def test_a_ban_without_json_stops_everything(headers: dict[str, str], seconds: float) -> None:
    """A 429 from what stands in front of Discord is a global one, with a pause in any case."""
    answer = await edit_against(lambda _: web.Response(status=429, headers=headers, text="no"))
    assert answer == RateLimited(seconds, Scope.GLOBAL)


@pytest.mark.parametrize("outage", [Outage.ERROR, Outage.UNAVAILABLE])
async def test_an_outage_is_not_retried_here(
    sandbox: Sandbox, actor: DiscordActor, outage: Outage
) -> None:
    """A 5xx may have worked all the same, and is for the queue to repeat."""
    sandbox.set_outage(rest=outage)
    answer = await actor.act(GUILD_ID, ALICE_ID, MUTE, "why")
    assert isinstance(answer, Unreachable)
    assert answer.in_doubt
    assert len(sandbox.requests) == 1


async def test_no_answer_leaves_doubt(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that times out may have been carried out."""
    monkeypatch.setattr("voxguard.discord.http.TIMEOUT_SECONDS", 0.2)
    sandbox.set_outage(rest=Outage.SILENCE)
    async with open_app(sandbox.token, sandbox.api_url) as app:
        answer = await DiscordActor(app).act(GUILD_ID, ALICE_ID, MUTE, "why")
    assert answer == Unreachable("no answer in time", in_doubt=True)


async def test_a_refused_connection_leaves_no_doubt() -> None:
    """What never reached Discord was not done."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v10"
        async with open_app("token", url) as app:
            answer = await DiscordActor(app).act(GUILD_ID, ALICE_ID, MUTE, "why")
    assert isinstance(answer, Unreachable)
    assert not answer.in_doubt


@pytest.mark.parametrize(
    "respond",
    [
        lambda _: web.Response(status=204),
        lambda _: web.json_response({"unexpected": "member"}),
        lambda _: web.Response(text="fine"),
        lambda _: web.Response(text="{", content_type="application/json"),
    ],
    ids=["empty", "another object", "text", "broken"],
)
async def test_the_member_that_comes_back_does_not_matter(
    respond: Callable[[web.Request], web.StreamResponse],
) -> None:
    """Whatever a success carries in its body, it is a success."""
    assert await edit_against(respond) == Applied()


async def test_what_nobody_foresaw_is_an_error(
    actor: DiscordActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of ours is not taken for an answer of Discord's."""

    async def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(actor._client), "edit_member", fail)
    with pytest.raises(ZeroDivisionError):
        await actor.act(GUILD_ID, ALICE_ID, MUTE, "why")


async def test_guilds_do_not_wait_for_each_other(actor: DiscordActor, sandbox: Sandbox) -> None:
    """Before the first answer of all, requests of many members are under way together."""
    sandbox.set_delay(1)
    answers = await asyncio.gather(
        *(actor.act(GUILD_ID, each, MUTE, "why") for each in (ALICE_ID, BOB_ID) * 4)
    )
    assert all(isinstance(answer, Applied) for answer in answers)
    requests = sandbox.requests
    first_answer = min(each.answered_monotonic for each in requests)
    assert max(each.monotonic for each in requests) < first_answer


async def test_a_cancelled_call_holds_nobody_up(actor: DiscordActor, sandbox: Sandbox) -> None:
    """After a call was cancelled the next one goes through."""
    sandbox.set_delay(5.0)
    call = asyncio.create_task(actor.act(GUILD_ID, ALICE_ID, MUTE, "why"))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.wait([call])
    sandbox.set_delay(0.0)
    answer = await actor.act(GUILD_ID, ALICE_ID, MemberEdit(place=Place(LOBBY_ID)), "why")
    assert isinstance(answer, Applied)


async def test_connections_are_kept_alive(sandbox: Sandbox, actor: DiscordActor) -> None:
    """Ten calls one after the other use one connection."""
    for _ in range(5):
        await actor.act(GUILD_ID, ALICE_ID, MUTE, "why")
        await actor.act(GUILD_ID, BOB_ID, MUTE, "why")
    assert sandbox._runner is not None
    server = sandbox._runner.server
    assert server is not None
    assert len(server.connections) == 1
