"""The command line: ``dure``. Exit codes: 0, 1 failed, 2 usage."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console

from shared.registry import APP_NAMES, SERVICE_NAMES

if TYPE_CHECKING:
    from shared.kit.settings import Settings

app = typer.Typer(
    help="Dure, a lightweight MES.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
console = Console(stderr=False, highlight=False)
errors = Console(stderr=True, highlight=False)
S = TypeVar("S", bound="Settings")
ANY_APP = "|".join(APP_NAMES)
TrustedProxies = Annotated[
    str | None, typer.Option(envvar="DURE_TRUSTED_PROXIES", help="addresses whose X-Forwarded headers are believed")
]


def known_app(name: str) -> str:
    """The name of an app that there is. Raises typer.BadParameter."""
    if name not in APP_NAMES:
        raise typer.BadParameter(f"there is no app {name}, but {', '.join(APP_NAMES)}")
    return name


def known_service(name: str) -> str:
    """The name of a service that there is. Raises typer.BadParameter."""
    if name not in SERVICE_NAMES:
        raise typer.BadParameter(f"there is no service {name}, but {', '.join(SERVICE_NAMES)}")
    return name


def fail(message: str) -> typer.Exit:
    """Say what is wrong, and exit with 1."""
    errors.print(f"[red bold]dure:[/] {message}", soft_wrap=True, markup=True)
    return typer.Exit(1)


def settings_or_fail(whose: str, cls: type[S]) -> S:
    """The settings of the environment; exits with 1 and says which variable is wrong."""
    from infra.local.errors import WrongSettingsError
    from infra.local.suite import settings_in

    try:
        return settings_in(whose, cls)
    except WrongSettingsError as error:
        raise fail(str(error)) from None


@app.command()
def up(
    demo: Annotated[
        str | None, typer.Option(help="fill an empty shop with this demo factory, e.g. hanbyeol_press")
    ] = None,
    processes: Annotated[
        bool, typer.Option("--processes", help="one process for each service instead of one for all")
    ] = False,
    lan: Annotated[
        bool, typer.Option("--lan", help="HTTPS for the tablets of the local network, by an authority of this machine")
    ] = False,
    host: Annotated[
        str | None,
        typer.Option(help="address to listen on [default: 127.0.0.1, with --lan all]", show_default=False),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65534, help="with --lan, the one after it too")] = 8000,
    data: Annotated[Path, typer.Option(help="folder for all data")] = Path(".dure"),
    trusted_proxies: TrustedProxies = None,
    demo_days: Annotated[
        int, typer.Option(min=0, max=60, envvar="DURE_DEMO_DAYS", help="days of history that the demo has behind it")
    ] = 21,
) -> None:
    """Run everything on this machine, PostgreSQL and NATS included, until Ctrl-C."""
    from infra.demo.source import DemoError
    from infra.local.errors import LocalError
    from infra.local.up import Options
    from infra.local.up import up as run_up
    from shared.kit.logs import configure_logs

    configure_logs(os.environ.get("DURE_LOG_LEVEL", "WARNING"), readable=True)
    try:
        listen = host or ("0.0.0.0" if lan else "127.0.0.1")  # noqa: S104  that is what --lan is for
        run_up(Options(data, listen, port, demo, processes, lan, demo_days, trusted_proxies), console)
    except (LocalError, DemoError) as error:
        raise fail(str(error)) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@app.command()
def serve(
    name: Annotated[str, typer.Argument(parser=known_app, metavar=ANY_APP, help="which app")],
    host: Annotated[str, typer.Option(envvar="DURE_HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, envvar="DURE_PORT")] = 8000,
    trusted_proxies: TrustedProxies = None,
) -> None:
    """Serve one app; its settings come from the environment (DURE_…)."""
    from infra.local.suite import serve as run_app
    from infra.local.suite import settings_class

    settings = settings_or_fail(name, settings_class(name))
    if not settings.database_url.get_secret_value():
        raise fail("DURE_DATABASE_URL is missing; or DURE_DATABASE_URL_FILE, a file that holds it")
    run_app(name, settings, host, port, trusted_proxies)


@app.command()
def migrate(
    name: Annotated[
        str,
        typer.Argument(
            parser=known_app, metavar=ANY_APP, help="which app's database; DURE_DATABASE_URL says where it is"
        ),
    ],
) -> None:
    """Bring one app's database to the revision of this release."""
    from infra.local.suite import metadata_of
    from shared.kit.migrations import migrate as run_migrations
    from shared.kit.settings import Settings

    metadata, folder = metadata_of(name)
    asyncio.run(run_migrations(settings_or_fail(name, Settings).database_url.get_secret_value(), folder, metadata))
    console.print(f"{name}: at the newest revision")


@app.command()
def verify(data: Annotated[Path, typer.Option(help="the folder for all data")] = Path(".dure")) -> None:
    """Check that no audit entry was altered or removed, and that the orders' counters equal the ledger of results."""
    from infra.local.errors import LocalError
    from infra.local.verify import verify as run_verification

    try:
        whole = run_verification(data, console)
    except LocalError as error:
        raise fail(str(error)) from None
    if not whole:
        raise typer.Exit(1)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="where it shall be: a folder that is new or empty")],
    data: Annotated[Path, typer.Option(help="the folder for all data")] = Path(".dure"),
) -> None:
    """Copy one moment of all data, while Dure runs or not; `dure restore` makes a data folder of it."""
    from infra.local.backup import backup as run_backup
    from infra.local.errors import LocalError

    try:
        manifest = run_backup(data, target, console)
    except LocalError as error:
        raise fail(str(error)) from None
    console.print(
        f"{target}: {manifest.bytes / 1e6:.0f} MB, as of {manifest.taken_at.astimezone():%Y-%m-%d %H:%M:%S}."
        " It holds the shop's secrets: keep it where nobody else can read it, and not on this machine alone.",
        soft_wrap=True,
    )


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="a folder that `dure backup` made")],
    data: Annotated[Path, typer.Option(help="the new folder for all data: absent or empty")],
) -> None:
    """Make a data folder of a backup; `dure up` then runs on it."""
    from infra.local.backup import restore as run_restore
    from infra.local.errors import LocalError

    try:
        manifest = run_restore(source, data, console)
    except LocalError as error:
        raise fail(str(error)) from None
    console.print(
        f"{data}: the shop as of {manifest.taken_at.astimezone():%Y-%m-%d %H:%M:%S}. Start it with"
        f" `dure up --data {data}`. What was reported later is not in it.",
        soft_wrap=True,
    )


@app.command()
def rebuild(
    service: Annotated[
        str | None,
        typer.Argument(parser=known_service, metavar="|".join(SERVICE_NAMES), help="whose read models [default: all]"),
    ] = None,
    data: Annotated[Path, typer.Option(help="the folder for all data")] = Path(".dure"),
) -> None:
    """Make anew what services derive from others' events, of all that those know; nothing is sent to an ERP."""
    from infra.local.errors import LocalError
    from infra.local.rebuild import rebuild as run_rebuild

    try:
        run_rebuild(data, [service] if service else SERVICE_NAMES, console)
    except LocalError as error:
        raise fail(str(error)) from None


@app.command()
def republish(
    service: Annotated[str, typer.Argument(parser=known_service, metavar="|".join(SERVICE_NAMES), help="whose states")],
    kind: Annotated[str, typer.Argument(help="the kind of aggregate, e.g. item")],
    ids: Annotated[list[str] | None, typer.Option("--id", help="one of it; again for more [default: all]")] = None,
    data: Annotated[
        Path | None, typer.Option(help="the folder for everything that is kept [default: the database of DURE_…]")
    ] = None,
) -> None:
    """Publish present states again, for a service that did not listen when they were published."""
    from infra.local.errors import LocalError
    from infra.local.republish import republish as run_republishing
    from shared.kit.problem import Messages, Problem

    try:
        published = run_republishing(service, kind, ids or (), data, console)
    except LocalError as error:
        raise fail(str(error)) from None
    except Problem as problem:
        raise fail(str(Messages().body(problem, "en")["detail"])) from None
    console.print(f"{service}: {published} of {kind} published again")


@app.command()
def provision_streams(replicas: Annotated[int, typer.Option(min=1, max=5)] = 1) -> None:
    """Declare the event streams; DURE_NATS_URL and DURE_NATS_SEED_FILE say where and as whom."""
    from shared.kit.bus import provision_streams as run_provisioning
    from shared.kit.settings import Settings

    settings = settings_or_fail("the event streams", Settings)
    asyncio.run(run_provisioning(settings.nats_url, settings.nats_seed_file, replicas=replicas))
    console.print("streams: as declared")


@app.command()
def make_secrets(
    folder: Annotated[Path, typer.Argument(help="where they shall lie; what is there already stays")],
    database: Annotated[str, typer.Option(help="PostgreSQL's host and port, for the database URLs")] = "postgres:5432",
) -> None:
    """Make the secrets of a suite in containers, one file each."""
    from infra.containers.secrets import make_secrets as make

    created = make(folder, database=database)
    console.print(f"{folder}: {', '.join(created) or 'nothing'} made anew")


@app.command()
def provision(
    secrets: Annotated[Path, typer.Argument(help="the folder with the secrets")],
    replicas: Annotated[int, typer.Option(min=1, max=5)] = 1,
) -> None:
    """Prepare PostgreSQL and NATS for a suite in containers: databases, roles, revisions, streams.

    DURE_NATS_URL says where NATS is.
    """
    from asyncpg import InterfaceError, PostgresError

    from infra.containers.provision import provision_suite
    from shared.kit.settings import Settings

    settings = settings_or_fail("the suite", Settings)
    try:
        asyncio.run(provision_suite(secrets, settings.nats_url, console.print, replicas=replicas))
    except (OSError, TimeoutError, PostgresError, InterfaceError) as error:
        raise fail(f"the servers cannot be prepared: {str(error) or type(error).__name__}") from None
    console.print("databases, revisions and streams: of this release")


@app.command()
def setup_link(
    data: Annotated[Path, typer.Option(help="the folder for all data; a container has none")] = Path(".dure"),
) -> None:
    """A new one-time link, good for 15 minutes, for the first admin of a new shop.

    Where the environment holds a gateway's settings, as in its container, the shop is the one that they name.
    """
    from gateway.settings import GatewaySettings
    from infra.local.errors import LocalError
    from infra.local.setup_link import DEFAULT_ADDRESS, new_token, token_of_folder

    try:
        if {"DURE_TOKEN_PRIVATE_KEY", "DURE_TOKEN_PRIVATE_KEY_FILE"} & os.environ.keys():
            settings = settings_or_fail("the gateway", GatewaySettings)
            address = settings.public_url or DEFAULT_ADDRESS
            token = new_token(settings.database_url.get_secret_value())
        else:
            address, token = os.environ.get("DURE_PUBLIC_URL", DEFAULT_ADDRESS), token_of_folder(data, console)
    except LocalError as error:
        raise fail(str(error)) from None
    if token is None:
        raise fail("somebody administers this shop already")
    console.print(f"{address}/setup#token={token}", soft_wrap=True)


if __name__ == "__main__":
    app()
