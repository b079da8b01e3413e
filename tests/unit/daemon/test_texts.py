from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.stage import ALICE, BOB, GUILD, LOBBY, MUSIC, Stage
from tests.unit.daemon.enforcement.tools import decide
from voxguard.daemon.texts import LONGEST_TEXT, PolicyTexts, escape, fill
from voxguard.engine.engine import Engine
from voxguard.model.decisions import Decision, Effect
from voxguard.model.ids import ChannelId
from voxguard.model.world import Channel, ChannelKind, Member

RULES = """
rules:
  quiet: {description: "Not *here*, please.", where: lobby, then: {mute: true}}
  plain: {where: lobby, then: {mute: true}}
"""
TEXT = "{member} in {channel}: {rule} ({reason})"


def warn(text: str = TEXT, rule: str = "quiet", reason: str = "") -> Decision:
    """A warning of alice in the lobby."""
    decision = decide(Effect.WARN, ALICE, guild=GUILD, rule=rule, params={"text": text})
    return replace(decision, channel_id=LOBBY, reason=reason or decision.reason)


@pytest.fixture
def stage() -> Stage:
    """A guild in which alice and the lobby have names."""
    made = Stage(RULES, appear=False)
    made.step(
        made.snapshot(
            members=(Member(ALICE, name="al_ice"), Member(BOB)),
            channels=(
                Channel(LOBBY, ChannelKind.VOICE, name="the-lobby"),
                Channel(MUSIC, ChannelKind.VOICE),
            ),
        )
    )
    return made


def test_names_and_reasons_are_filled_in(stage: Stage) -> None:
    """Names that are known, the rule, and its description, to be read as they are."""
    text = PolicyTexts(stage.engine).text(warn())
    assert text == r"al\_ice in the\-lobby: quiet (Not \*here\*\, please\.)"


def test_what_has_no_name_is_mentioned(stage: Stage) -> None:
    """Discord shows the mention of a member or channel as its name."""
    decision = replace(warn("{member} in {channel}"), user_id=BOB, channel_id=MUSIC)
    texts = PolicyTexts(stage.engine)
    assert texts.text(decision) == f"<@{BOB}> in <#{MUSIC}>"
    nowhere = replace(decision, channel_id=ChannelId(77))
    assert texts.text(nowhere) == f"<@{BOB}> in <#77>"
    assert texts.text(replace(decision, channel_id=None)) == f"<@{BOB}> in no channel"
    assert PolicyTexts(Engine()).text(decision) == f"<@{BOB}> in <#{MUSIC}>"


def test_the_reason_of_a_rule_that_is_gone_is_what_was_kept(stage: Stage) -> None:
    """The decision has it, as the audit log shows it."""
    texts = PolicyTexts(stage.engine)
    gone = warn("{reason}", "old-one", "voxguard: old-one: It was so.")
    assert texts.text(gone) == r"It was so\."
    assert texts.text(warn("[{reason}]", "old-one", "voxguard: old-one")) == "[]"
    assert texts.text(warn("[{reason}]", "plain")) == "[]"


def test_other_words_in_braces_stay(stage: Stage) -> None:
    """What is no placeholder is text, and values are not looked into again."""
    text = "{members} {} {Member} {{rule}} {reason"
    assert PolicyTexts(stage.engine).text(warn(text)) == "{members} {} {Member} {quiet} {reason"
    assert fill("{member}", {"member": "{rule}", "rule": "no"}) == "{rule}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("@everyone", r"\@everyone"),
        ("<@&5> <@5> <#5>", r"\<\@\&5\> \<\@5\> \<\#5\>"),
        ("**bold** `code` ||spoiler||", r"\*\*bold\*\* \`code\` \|\|spoiler\|\|"),
        ("[me](https://evil.example)", r"\[me\]\(https\:\/\/evil\.example\)"),
        ("a\nb\r\n\n# c\u2028d\x00e", r"a b \# c d e"),
        ("\u202egnp.exe \u2066x", r"gnp\.exe x"),
        (":smile: \\", r"\:smile\: \\"),
        ("Ärger 😀 👩‍💻", "Ärger 😀 👩‍💻"),
    ],
)
def test_names_do_no_harm(name: str, shown: str) -> None:
    """No mention, no markup, no link, no further line, and no writing that is turned around."""
    assert escape(name) == shown


@given(st.text(), st.text())
def test_no_message_is_too_long(template: str, value: str) -> None:
    """However long names and reasons are, and an escape is not cut in two."""
    text = fill(template * 40, dict.fromkeys(("member", "rule", "channel", "reason"), value * 99))
    assert len(text) <= LONGEST_TEXT


def test_a_text_that_is_cut_says_so() -> None:
    """An ellipsis stands at the end, and no half of an escape before it."""
    cut = fill("{member}", {"member": r"\_" * 2_000})
    assert cut.endswith(r"\_…")
    assert len(cut) == LONGEST_TEXT - 1
    assert fill("x" * 2_000, {}) == "x" * 2_000
