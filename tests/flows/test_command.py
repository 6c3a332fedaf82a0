"""`python -m flows.harvest`: what a person sees, and what a script gets as exit code."""

import json
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings
from typer.testing import CliRunner, Result

from flows import deploy, result_storage, retry_failures
from flows.command_line import errors_told
from flows.harvest_command import app
from journal.faults import Fault, Faults
from journal.journal import DemoJournal, demo_faults
from journal.server import JournalServer
from tests.flows.test_kill import start


def run(folder: Path, *options: str, **changes: Any) -> Result:
    query = {"name": "silver", "query": {"search_field_1": {"term": "nanoparticles"}}, "results_dir": str(folder)}
    file = folder / "query.json"
    file.write_text(json.dumps(query | changes))
    return CliRunner().invoke(app, [str(file), *options])


def test_a_finished_harvest_is_zero_and_shows_what_happened(
    journal: DemoJournal, tmp_path: Path, mirrored: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        mirrored(server.url)
        result = run(tmp_path)
    assert result.exit_code == 0, result.output
    for said in ("status 503", "will be tried again", "404", "articles", "figures", "panels", "failures", "Results"):
        assert said in result.output
    assert (tmp_path / "silver" / "harvest.log").is_file()
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nam": "x"}, "nam: unknown key; the nearest known key is 'name'"),
        ({"query": {}}, "query: "),
        ({"sources": ["natur"]}, "nature"),
        ({"save_format": ["mongo"]}, "mongoimport"),
    ],
)
def test_a_bad_query_is_two_and_every_problem_is_named(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    result = run(tmp_path, **changes)
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "silver").exists()


def test_nothing_to_be_had_is_one(
    journal: DemoJournal, tmp_path: Path, mirrored: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXSCLAIM_HTTP_ATTEMPTS", "1")
    with JournalServer(journal, Faults(Fault("*/search", (503,), for_ever=True))) as server:
        mirrored(server.url)
        result = run(tmp_path)
    assert result.exit_code == 1
    assert "503" in result.output


def test_three_sources_that_cannot_be_had_are_three_lines_that_begin_with_what_is_wrong(
    tmp_path: Path, mirrored: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    mirrored("http://127.0.0.1:9")  # nobody listens there
    sources = ["pmc", "arxiv", "europepmc"]
    result = run(tmp_path, sources=sources, query={"search_field_1": {"term": "nanoparticles", "synonyms": ["x"] * 90}})
    assert result.exit_code == 1
    told = result.output.split("demo · harvest")[0].splitlines()
    for source in sources:
        assert sum(line.startswith(f"✗ search {source} unreachable since ") for line in told) == 1
    tries = [line for line in told if line.startswith("↻ will be tried again: https://")]
    assert len(tries) == 3
    assert all(line.endswith("Connection refused") and len(line) < 200 for line in tries)
    assert "%22%29+AND" not in result.output  # encoded queries


def test_a_terminal_that_knows_ascii_alone_is_told_the_same(journal: DemoJournal, tmp_path: Path) -> None:
    plain = ["env", "LC_ALL=C", "PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0", "PYTHONIOENCODING=ascii"]
    with JournalServer(journal, demo_faults(journal.articles)) as server:
        harvest = start(
            tmp_path / "home", server.url, tmp_path / "results", "--no-separate",
            before=plain, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        said, wrong = harvest.communicate(timeout=240)
    assert harvest.returncode == 0
    assert wrong == b""
    assert said.isascii()
    for line in (b"~ will be tried again: ", b"x figures ", b"silver - harvest ", b"Results: "):
        assert line in said


def test_a_harvest_without_print_is_quiet(
    journal: DemoJournal, tmp_path: Path, mirrored: Callable[[str], None]
) -> None:
    with JournalServer(journal) as server:
        mirrored(server.url)
        result = run(tmp_path, logging=["silver.log"], maximum_scraped=1)
    assert result.exit_code == 0
    assert result.output == ""
    assert (tmp_path / "silver" / "silver.log").is_file()


@pytest.mark.parametrize("command", ["flows.result_storage", "flows.retry_failures", "flows.deploy"])
def test_a_prefect_server_that_does_not_answer_is_named(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = typer.Typer()
    storage.command()(result_storage.save)
    app, options = {
        "flows.result_storage": (storage, ["s3://bucket/tasks"]),
        "flows.retry_failures": (retry_failures.app, []),
        "flows.deploy": (deploy.app, []),
    }[command]
    nobody = "http://127.0.0.1:9/api"
    monkeypatch.setenv("PREFECT_API_URL", nobody)
    with temporary_settings({PREFECT_API_URL: nobody}):
        done = CliRunner().invoke(app, options)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)  # no traceback
    assert f"PREFECT_API_URL: {nobody} does not answer" in done.output


def test_a_prefect_server_that_goes_away_is_named_with_the_way_out(capfd: pytest.CaptureFixture[str]) -> None:
    gone = temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"})
    with gone, pytest.raises(typer.Exit) as ended, errors_told(), get_client(sync_client=True) as client:
        client.read_flow_runs()
    assert ended.value.exit_code == 1
    told = capfd.readouterr().err
    assert told.startswith("Prefect's server does not answer any more (")
    assert told.endswith("What is done is kept; the same command goes on from there.\n")


def test_a_prefect_server_that_refuses_is_not_called_away(capfd: pytest.CaptureFixture[str]) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:  # status 501 whatever it is asked
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asked = temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{server.server_port}/api"})
        with asked, pytest.raises(typer.Exit) as ended, errors_told(), get_client(sync_client=True) as client:
            client.read_flow_runs()
        server.shutdown()
    assert ended.value.exit_code == 1
    told = capfd.readouterr().err
    assert "Prefect's server refuses what it was asked (Server error '501" in told
    assert "does not answer" not in told


def test_an_embedded_server_that_fails_is_told_of_by_what_ails_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    (tmp_path / "prefect.db").write_bytes(b"no database" * 100)
    asked = httpx.Request("POST", "http://127.0.0.1:8757/api/flow_runs")
    with temporary_settings({PREFECT_API_URL: None}), pytest.raises(typer.Exit) as ended, errors_told():
        httpx.Response(500, request=asked).raise_for_status()
    assert ended.value.exit_code == 1
    told = capfd.readouterr().err
    assert told.startswith("Prefect's embedded server failed (status 500): ")
    assert f"{tmp_path / 'prefect.db'} is damaged" in told
    assert "PREFECT_API_URL" not in told
