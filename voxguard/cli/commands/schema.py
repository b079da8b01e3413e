"""`voxguard schema`: the JSON Schema of policy files, for editors and other checkers."""

from pathlib import Path
from typing import Annotated

import typer

from voxguard.cli.options import command_app

app = command_app()

OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write it there instead of to standard output."),
]


@app.command()
def schema(out: OutOption = None) -> None:
    """Print the JSON Schema of a policy file.

    Draft 2020-12. Editors complete and check policies with it: see docs/editor.md.
    """
    from voxguard.cli import render
    from voxguard.policy.json_schema.generator import schema_text

    text = schema_text()
    if out is None:
        render.write_line(text.removesuffix("\n"))
    else:
        out.write_text(text, "utf-8")
