"""`voxguard doctor`: is everything there that the daemon needs?"""

from typing import TYPE_CHECKING

from voxguard.cli.options import Format, FormatOption, PathArgument, command_app, policy_path

if TYPE_CHECKING:
    from voxguard.daemon.doctor.findings import Examination

app = command_app()


@app.command()
def doctor(path: PathArgument = None, form: FormatOption = Format.HUMAN) -> int:
    """Check token, intents, permissions, database, clock and policies.

    Exits with 0 when nothing keeps the daemon from its work, 1 when something does, 2 without a
    token, 3 when the policies do not load, 7 when Discord or the database is out of reach.
    """
    import asyncio

    from voxguard.cli import render
    from voxguard.daemon.doctor.examine import examine
    from voxguard.settings import load_settings, setting_warnings

    settings = load_settings()
    for warning in setting_warnings():
        render.write_warning(warning)
    found = asyncio.run(examine(policy_path(path), settings))
    if form is Format.JSON:
        render.write_json(found.as_json())
    else:
        _write_human(found)
    return found.exit_code


def _write_human(found: "Examination") -> None:
    from voxguard.cli import render

    render.write_table(
        ("state", "check", "of", "what"),
        (
            (finding.state.value, finding.check, finding.subject, finding.message)
            for finding in found.findings
        ),
    )
    hints = {finding.hint: None for finding in found.findings if finding.hint is not None}
    for hint in hints:
        render.write_line(f"hint: {hint}")
