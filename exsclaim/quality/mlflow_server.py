"""Nights as an MLflow server has them, for looking from a machine that does not harvest.

By MLflow's REST API 2.0 (https://mlflow.org/docs/latest/rest-api.html), so that MLflow need not be installed. User name
and password, where the server wants them, come from `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`.
"""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import requests

from exsclaim.errors import FetchError, TransientFetchError
from exsclaim.quality.metrics import ALL_SOURCES, HarvestMetrics

EXPERIMENT = "exsclaim-harvest"
_TIMEOUT_S = 30.0
_RUNS_PER_PAGE = 200
_MOST_RUNS = 2000
"""No more than these, the newest: years of nights."""


def nights_of(url: str) -> list[HarvestMetrics]:
    """Metrics of the finished harvests that the server at `url` knows, oldest first; [] where it knows none.

    Of a harvest that was done over, the last run counts.

    Raises:
        FetchError: the server cannot be had, refuses, or is no MLflow server.
    """
    found = _ask(url, "GET", "experiments/get-by-name", {"experiment_name": EXPERIMENT})
    if found is None:
        return []
    newest: dict[tuple[str, str, str], HarvestMetrics] = {}
    for run in _runs(url, found["experiment"]["experiment_id"]):
        for night in _nights(run):
            newest.setdefault((night.query_name, night.harvest, night.source), night)
    return sorted(newest.values(), key=lambda night: (night.query_name, night.day, night.harvest, night.source))


def _runs(url: str, experiment: str) -> Iterator[dict[str, Any]]:
    """Finished harvests, newest first."""
    token: str | None = None
    for _ in range(_MOST_RUNS // _RUNS_PER_PAGE):
        asked = {
            "experiment_ids": [experiment],
            "filter": "tags.kind = 'harvest' and attributes.status = 'FINISHED'",
            "order_by": ["attributes.start_time DESC"],
            "max_results": _RUNS_PER_PAGE,
            **({"page_token": token} if token else {}),
        }
        page = _ask(url, "POST", "runs/search", asked) or {}
        yield from page.get("runs", [])
        token = page.get("next_page_token")
        if not token:
            return


def _nights(run: Mapping[str, Any]) -> Iterator[HarvestMetrics]:
    data = run["data"]
    tags, params = (_as_dict(data.get(key, ())) for key in ("tags", "params"))
    by_source: dict[str, dict[str, float]] = {}
    for entry in data.get("metrics", ()):
        group, slash, rest = entry["key"].partition("/")
        source, inner, name = rest.rpartition("/")
        if group.startswith("quality.") and not inner:  # versions before 0.3 wrote quality.nature/parsed
            source, group = group.removeprefix("quality."), "quality"
        if slash and group == "quality":
            by_source.setdefault(source or ALL_SOURCES, {})[name] = float(entry["value"])
    for source, metrics in by_source.items():
        if "query" in tags and "harvest" in tags:
            yield HarvestMetrics(
                query_name=tags["query"],
                query_digest=params.get("query_digest", ""),
                harvest=tags["harvest"],
                source=source,
                day=dt.date.fromisoformat(tags["harvest"][:10]),
                versions={key[8:]: value for key, value in params.items() if key.startswith("version.")},
                metrics=metrics,
            )


def _as_dict(entries: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {entry["key"]: entry["value"] for entry in entries}


def _ask(url: str, method: str, what: str, asked: Mapping[str, Any]) -> Any:
    """The server's answer; None where it does not have what is asked for."""
    address = f"{url.rstrip('/')}/api/2.0/mlflow/{what}"
    user, password = (os.environ.get(f"MLFLOW_TRACKING_{name}") for name in ("USERNAME", "PASSWORD"))
    try:
        answer = requests.request(
            method,
            address,
            params=asked if method == "GET" else None,
            json=asked if method == "POST" else None,
            auth=(user, password) if user and password else None,
            timeout=_TIMEOUT_S,
        )
        content = answer.json()
    except requests.JSONDecodeError as error:
        raise FetchError(url, "does not answer as an MLflow server does; check the address") from error
    except (requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema) as error:
        raise FetchError(url, "is no address of a server: http://server:5000") from error
    except requests.RequestException as error:
        raise TransientFetchError(url, f"MLflow could not be had ({type(error).__name__}); is it running?") from error
    if answer.status_code == 404 and content.get("error_code") == "RESOURCE_DOES_NOT_EXIST":
        return None
    if not answer.ok:
        raise FetchError(url, f"MLflow refused: {content.get('message', answer.reason)}", status=answer.status_code)
    return content
