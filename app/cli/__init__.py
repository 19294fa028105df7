"""The `duijie` command. Heavy parts are imported where they are used, so that `--help` answers at once."""

import typer

from app.cli import audit, database, identities, indexing, keys, people, reports, seeds, serving, working

main = typer.Typer(
    name="duijie", help="对接 · supply-demand docking backend", no_args_is_help=True, add_completion=False
)
main.command("run")(serving.run)
main.command("serve")(serving.serve)
main.command("worker")(working.worker)
main.command("openapi")(serving.openapi)
main.command("seed")(seeds.seed)
main.command("index")(indexing.index)
main.add_typer(database.commands, name="db")
main.add_typer(keys.commands, name="keys")
main.add_typer(audit.commands, name="audit")
main.add_typer(people.commands, name="people")
main.add_typer(identities.commands, name="oidc")
main.add_typer(reports.commands, name="report")
