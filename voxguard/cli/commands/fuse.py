"""`voxguard fuse`: rules that act on too many members at once."""

from typing import Any

import typer

from voxguard.cli.options import Format, FormatOption, command_app

app = command_app("Show the fuses of rules, or make a blown one whole.")


@app.command()
def show(form: FormatOption = Format.HUMAN) -> int:
    """Show which fuses are blown, and which have counted members.

    Exits with 0 whatever there is, and with 7 when there is no daemon or it may not be asked.
    """
    from voxguard.cli import render
    from voxguard.cli.control import ask
    from voxguard.settings import load_settings

    answer = ask(load_settings().state_dir, "GET", "/v1/fuses")
    if form is Format.JSON:
        render.write_json(answer)
    elif answer["fuses"]:
        _write_fuses(answer["fuses"])
    else:
        render.write_line("no fuse is blown, and no rule has acted on anybody lately")
    return 0


@app.command()
def reset(
    rule: str = typer.Argument(metavar="RULE", help="The rule's name."),
    guild: str | None = typer.Option(
        None, "--guild", metavar="G", help="The guild's id, where several have such a rule."
    ),
) -> int:
    """Let a rule act again whose fuse is blown.

    Everybody for whom it only observes is decided anew at once, however many they are. A fuse
    that is whole is left as it is. Exits with 2 for a rule that is not there, and with 7 when
    there is no daemon or it may not be asked.
    """
    from voxguard.cli.control import ask
    from voxguard.cli.render import write_line
    from voxguard.settings import load_settings

    body = {"rule": rule, "guild": guild}
    answer = ask(load_settings().state_dir, "POST", "/v1/fuses/reset", body)
    where = f"{answer['rule']} of guild {answer['guild']}"
    if answer["reset"]:
        write_line(f"{where} acts again; members decided anew: {answer['members']}")
    else:
        write_line(f"{where}: the fuse is not blown")
    return 0


def _write_fuses(fuses: list[dict[str, Any]]) -> None:
    from voxguard.cli.render import write_table

    write_table(
        ("rule", "guild", "fuse", "acted on", "allowed", "held back"),
        (
            (
                each["rule"],
                each["guild"],
                f"blown {each['blown_at']}" if each["blown_at"] else "whole",
                str(each["counted"]),
                f"{each['members']} in {each['within_seconds']:g} s",
                str(each["observed"]) if each["blown_at"] else "",
            )
            for each in fuses
        ),
    )
