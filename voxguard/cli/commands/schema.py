"""`voxguard schema`: JSON Schemas of policy files and of tests, for editors and other checkers."""

from pathlib import Path
from typing import Annotated

import typer

from voxguard.cli.options import command_app

app = command_app()

OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write it there instead of to standard output."),
]


TestsOption = Annotated[
    bool, typer.Option("--tests", help="That of policy tests, *.test.yaml, instead.")
]


@app.command()
def schema(out: OutOption = None, tests: TestsOption = False) -> None:
    """Print the JSON Schema of policy files, or of tests.

    Draft 2020-12. Editors complete and check policies with it: see docs/editor.md.
    """
    from voxguard.cli import render
    from voxguard.policy.json_schema.generator import OF_POLICIES, OF_TESTS

    text = (OF_TESTS if tests else OF_POLICIES).text()
    if out is None:
        render.write_line(text.removesuffix("\n"))
    else:
        out.write_text(text, "utf-8")
