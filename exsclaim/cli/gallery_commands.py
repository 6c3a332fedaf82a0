"""Finding, looking, correcting: `exsclaim search`, `exsclaim view`, `exsclaim corrections`."""

import errno
import json
from contextlib import suppress
from pathlib import Path
from socket import AF_INET6, AI_PASSIVE, SOCK_STREAM, create_server, getaddrinfo, has_dualstack_ipv6, socket
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from exsclaim.cli.terminal import (
    console,
    counted,
    file_to_write,
    files_to_read,
    folder_to_write,
    print_table,
    say,
    shown,
    writing_to,
)
from exsclaim.errors import ExsclaimError

if TYPE_CHECKING:
    from exsclaim.gallery.asking import Asked

_PLACE = Annotated[str, typer.Argument(help="Results of a query: a folder or URL, such as results/silver.")]
_MOST_EXPORTED = 20_000


def search(
    dataset: _PLACE,
    prompt: Annotated[
        str, typer.Argument(help='Plain words: "HAADF-STEM silver nanoparticles below 50 nm, since 2020".')
    ],
    limit: Annotated[int, typer.Option(help="Number of panels to list.", min=1)] = 20,
    sort: Annotated[str, typer.Option(help="relevance, newest, doubtful, finest, coarsest or figure.")] = "relevance",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all that the index has on each panel, as JSON.")
    ] = False,
    to: Annotated[str, typer.Option(help="Export the panels found; exsclaim formats lists the formats.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the export.", callback=folder_to_write)] = None,
    more: Annotated[
        Path | None,
        typer.Option(help="Write a query (YAML) that harvests more panels like these.", callback=file_to_write),
    ] = None,
) -> None:
    """Find panels by plain words: techniques, materials, kinds, scales, licences, years, words of the text."""
    from exsclaim.dataset import formats
    from exsclaim.dataset.opened import open_dataset
    from exsclaim.errors import DatasetError
    from exsclaim.gallery.asking import ask
    from exsclaim.gallery.found_panels import PanelIndex
    from exsclaim.gallery.panel_index import indexed
    from exsclaim.gallery.searches import Search
    from exsclaim.gallery.selection import MOST_DOWNLOADED, of_ids, query_for_more
    from exsclaim.storage.local import write_whole

    if bool(to) != bool(out):
        raise DatasetError("an export needs both: --to coco --out silver-coco")
    opened = open_dataset(dataset)
    index = PanelIndex(indexed(opened.folder))
    asked = ask(index, prompt, beside=Search.of([("sort", sort)]), count=limit)
    wanted = asked.search
    if as_json:
        _print_json(asked)
    else:
        _print_found(asked)
    if out is not None:
        _refuse_doubtful_export(asked)
        with writing_to(out):
            count = formats.export(opened, to, out, where=of_ids(index.ids(wanted, _MOST_EXPORTED)))
        say(f"{counted(count, 'panel')} as {to} in {out}")
    if more is not None:
        made = query_for_more(index.find(wanted, count=MOST_DOWNLOADED).panels, wanted, opened.name)
        with writing_to(more, "--more"):
            write_whole(more, made.yaml.encode())
        say(f"A query for more of {made.prompt} is in {more}")


def _print_json(asked: "Asked") -> None:
    """Print the conditions that the prompt became, and what the index has on the panels that meet them."""
    answer = {"conditions": _values_by_name(asked.search.parameters()), **asked.answer()}
    console().out(json.dumps(answer, ensure_ascii=False, indent=1, default=str), highlight=False)


def _print_found(asked: "Asked") -> None:
    """Print how many panels were found by which conditions, what of the prompt was passed over, and the panels."""
    from exsclaim.gallery.searches import chips

    out, found = console(), asked.found
    conditions = ", ".join(chip.says for chip in chips(asked.search))
    say(f"{counted(found.total, 'panel')}: {conditions or ('all panels' if found.total else 'no condition')}")
    for note in asked.remarks():
        out.print(f"[yellow]{shown(note)}[/yellow]")
    _list_panels(found.panels, is_short=out.is_terminal)


def _list_panels(panels: list[dict[str, Any]], *, is_short: bool) -> None:
    """Print a row of each panel that was found; `is_short` cuts captions."""
    listed = Table(box=None)
    listed.add_column("panel", overflow="fold")
    for name in ("letter", "technique or look", "scale", "caption"):
        listed.add_column(name)
    for panel in panels:
        scale = f"{panel['nm_per_px']:.3g} nm/px" if panel["nm_per_px"] else ""
        seen = ", ".join(panel["techniques"]) or panel["type"] or panel["kind"]
        caption = " ".join(panel["caption"].split())[: 80 if is_short else None]
        listed.add_row(*map(shown, (panel["id"], panel["label"] or "", seen, scale, caption)))
    if panels:
        print_table(listed)


def _refuse_doubtful_export(asked: "Asked") -> None:
    """Raise DatasetError where an export would hold other panels than the prompt asks for, or too many."""
    from exsclaim.errors import DatasetError

    found = asked.found
    if asked.passed_over:
        words = ", ".join(f"“{word}”" for word in asked.passed_over)
        raise DatasetError(f"{words} would be passed over: nothing is exported; leave out what nothing is chosen by")
    if found.is_relaxed or not found.total:
        lacking = "has all of the words" if found.is_relaxed else "is found"
        raise DatasetError(f"no panel {lacking}: nothing is exported")
    if found.total > _MOST_EXPORTED:
        raise DatasetError(f"{found.total} panels are more than one search exports ({_MOST_EXPORTED}): narrow it down")


def view(
    dataset: _PLACE,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 picks a free one.", min=0, max=65535)] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but a loopback address is open to the network.")
    ] = "127.0.0.1",
    host_name: Annotated[
        list[str] | None, typer.Option(help="Host name that a reverse proxy uses; repeatable.")
    ] = None,
    review: Annotated[bool, typer.Option(help="Let anyone with the printed address make corrections.")] = False,
) -> None:
    """Browse a data set in a web browser: search, facets, figures with boxes, a ruler; with --review, corrections."""
    import os
    import secrets

    try:
        import uvicorn

        from exsclaim.gallery.application import application
    except ModuleNotFoundError as missing:
        raise ExsclaimError(f"{missing.name} is not installed: pip install 'exsclaim[gallery]'") from missing
    from exsclaim.gallery.protection import LOOPBACK

    token = (os.environ.get("EXSCLAIM_REVIEW_TOKEN") or secrets.token_urlsafe(24)) if review else ""
    made = application(dataset, token=token, hosts=(*LOOPBACK, *(host_name or ())))
    with listening_at(host, port) as listener:
        name = "127.0.0.1" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listener.getsockname()[1]}/"
        say(f"{dataset} is shown at {address}; press Ctrl+C to stop")
        if token:
            say(f"To review, open {address}review?token={token}")
        with suppress(KeyboardInterrupt):
            uvicorn.Server(uvicorn.Config(made, log_level="warning")).run(sockets=[listener])


def listening_at(host: str, port: int) -> socket:
    """A socket that listens: whoever is told the address can open it.

    Raises:
        ExsclaimError: the port is taken or not this user's to take, or the host is no address of this machine.
    """
    try:
        family, _, _, _, address = getaddrinfo(host, port, type=SOCK_STREAM, flags=AI_PASSIVE)[0]
        both = family == AF_INET6 and host == "::" and has_dualstack_ipv6()
        return create_server(address[:2], family=family, backlog=2048, dualstack_ipv6=both)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name longer than a host's can be
        number, why = (error.errno, error.strerror) if isinstance(error, OSError) else (None, str(error))
        if number == errno.EADDRINUSE:
            raise ExsclaimError(f"port {port} is in use: choose another --port") from error
        if number in (errno.EACCES, errno.EPERM):
            raise ExsclaimError(f"this user may not listen on port {port}: choose a --port above 1023") from error
        raise ExsclaimError(f"{host!r} is not an address of this machine ({why}): choose another --host") from error


corrections = typer.Typer(
    help="Corrections made by people: list them, or import them from other programs.", no_args_is_help=True
)


@corrections.command("import")
def import_corrections(
    dataset: _PLACE,
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON export of Label Studio, or a COCO file (FiftyOne).", exists=True, callback=files_to_read
        ),
    ],
    who: Annotated[str, typer.Option(help="Name of the person, for corrections without one.")],
) -> None:
    """Import corrections made in Label Studio or FiftyOne; the next publish applies them."""
    from exsclaim.dataset.formats.annotation_imports import imported
    from exsclaim.dataset.opened import open_dataset
    from exsclaim.dataset.review.corrections import Corrections
    from exsclaim.gallery.panel_index import dataset_version

    opened = open_dataset(dataset)
    kept = Corrections(dataset)
    made = imported(opened, file, who=who, version=dataset_version(opened.folder), earlier=kept.read())
    kept.add(made)
    changed = sum(len(each.changes) for each in made)
    say(f"{counted(len(made), 'figure')}, {counted(changed, 'change')}; the next harvest publishes them")


@corrections.command("list")
def list_corrections(dataset: _PLACE) -> None:
    """List the corrections of a data set: who changed what in which figure, and when."""
    from exsclaim.dataset.opened import open_dataset
    from exsclaim.dataset.review.corrections import Corrections

    made = Corrections(dataset).read()
    if not made:
        open_dataset(dataset)  # a misspelt folder has none either
        console().print("no corrections")
        return
    listed = Table(box=None)
    for name in ("when", "who", "figure", "what"):
        listed.add_column(name, overflow="fold")
    for each in made:
        said = [f"{change.action} {', '.join(sorted(change.fields))}".strip() for change in each.changes]
        said += ["all right"] if each.accepted else []
        listed.add_row(f"{each.at:%Y-%m-%d %H:%M}", shown(each.who), shown(each.figure_id), "; ".join(said))
    print_table(listed)


def _values_by_name(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Values of each name, in order."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
