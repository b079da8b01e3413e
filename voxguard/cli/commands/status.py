"""`voxguard status`: how the daemon stands."""

from voxguard.cli.options import Format, FormatOption, command_app

app = command_app()


@app.command()
def status(form: FormatOption = Format.HUMAN) -> int:
    """Show how the running daemon stands.

    It is asked through the control socket in its state directory. Exits with 0 whatever it
    says, and with 7 when there is no daemon or it may not be asked.
    """
    from voxguard.cli import render
    from voxguard.cli.control import ask
    from voxguard.cli.status_tables import write_status
    from voxguard.settings import load_settings

    answer = ask(load_settings().state_dir, "GET", "/v1/status")
    if form is Format.JSON:
        render.write_json(answer)
    else:
        write_status(answer)
    return 0
