"""The machine's settings: environment `EXSCLAIM_*`, then `exsclaim.toml` in the working folder, then defaults."""

import difflib
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from exsclaim.errors import SettingsError
from exsclaim.mapping_syntax import SyntaxFaultError, from_toml

FILE = Path("exsclaim.toml")
_PREFIX = "EXSCLAIM_"
OF_THE_ENVIRONMENT_ALONE = (
    "springer_key", "elsevier_key", "elsevier_insttoken", "wiley_key", "openalex_key", "queries", "review_token",
)  # fmt: skip
"""Read where they are used, keys and tokens among them, which no file of the working folder should hold."""


def _listed(value: Any) -> Any:
    """`acs,rsc` as well as `["acs", "rsc"]`."""
    if not isinstance(value, str):
        return value
    return [name.strip(" \"'").lower() for name in value.strip("[] ").split(",") if name.strip()]


class Settings(BaseSettings):
    """Settings of this machine for fetching, storing and computing. Sources read their own keys; none are kept here."""

    # EXSCLAIM_HOME= is what a template writes where nothing is set, and no wish for the folder one stands in
    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(default_factory=lambda: Path.home() / ".cache" / "exsclaim")
    """Folder of store/, ledger.sqlite, the task cache and logs."""
    store: str | None = None
    """Path or fsspec URL (`s3://bucket/store`) of the store; `store/` under `home` where none is named."""
    results: str = "results"
    """Folder or fsspec URL of the results of queries that name none (`results_dir`)."""
    store_cache_gb: float = Field(default=10.0, gt=0)
    """Of a store at a URL, so much is kept on this machine (`home`/store-cache)."""
    postgres: str | None = None
    """Database for the save format `postgres`: `postgresql://user@host:5432/base`."""
    postgres_password: SecretStr | None = None
    """Its password, where the address has none."""
    mirror: str | None = None
    """URL prefix: `https://host/path` is fetched from `{mirror}/host/path`."""
    contact: str | None = None
    """E-mail address sent in the User-Agent, so that a publisher can write instead of blocking."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    weights: Path | None = None
    """Folder of weights of your own (`flows.train`); networks that it has none of use the installed ones."""
    private_hosts: Annotated[frozenset[str], NoDecode, BeforeValidator(_listed)] = frozenset()
    """Hosts and networks inside a private network that may be asked (`repository.lab.local,10.20.0.0/16`)."""
    requests_per_second: float = Field(default=1.0, gt=0)
    """Per host, over all threads. A mirror is asked without a limit."""
    timeout_s: float = Field(default=30.0, gt=0)
    http_attempts: int = Field(default=5, ge=1, le=20)
    """Tries of one request that fails for a reason that heals, within one harvest."""
    retry_delay_s: float = Field(default=2.0, ge=0)
    """Pause before the second try; doubled for each further one, with jitter, and no less than the server asks for."""
    recheck_after_days: int = Field(default=30, ge=1)
    """A page or image fetched longer ago than this is asked for again, conditionally (ETag, If-Modified-Since)."""
    workers: int = Field(default=4, ge=1, le=64)
    """Articles at work at the same time."""
    runner: Literal["thread", "process", "dask", "ray"] = "thread"
    """Place in which figures are separated: this machine's GPU or cores, Prefect's processes on it, a cluster."""
    dask_address: str | None = None
    """Scheduler of an existing Dask cluster (`tcp://host:8786`); without one, a cluster of this machine's own."""
    ray_address: str | None = None
    """Of an existing Ray cluster (`ray://host:10001`); without one, a cluster of this machine's own."""
    max_response_mb: float = Field(default=64.0, gt=0)
    """Of a page or image."""
    max_file_mb: float = Field(default=300.0, gt=0)
    """Of an archive or PDF that a source reads its figures from."""
    max_image_megapixels: float = Field(default=170.0, gt=0, le=178)
    """Images beyond this are refused before they are decoded (decompression bombs); Pillow never decodes more."""
    scrape: Annotated[frozenset[str], NoDecode, BeforeValidator(_listed)] = frozenset()
    """Sources that read web pages whose publisher wants no programs there (`acs,rsc`): off unless named here."""
    ignore_robots: Annotated[frozenset[str], NoDecode, BeforeValidator(_listed)] = frozenset()
    """Sources for which you have the publisher's leave to go beyond robots.txt (text-and-data-mining licence)."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, InitSettingsSource(settings_cls, _of_file())


@cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingsError: a value or a name cannot be used, or the file cannot be read; the message names each.
    """
    names = [name.removeprefix(_PREFIX).lower() for name in os.environ if name.startswith(_PREFIX)]
    # what is like none may be another program's, of whoever runs this one
    slips = [
        f"there is no {_PREFIX}{name.upper()}; did you mean {_PREFIX}{meant.upper()}?"
        for name in _unknown(names) if (meant := _meant(name))
    ]  # fmt: skip
    try:
        found = Settings()
    except ValidationError as error:
        raise SettingsError(f"settings cannot be used: {'; '.join(map(_told, error.errors()))}") from error
    if slips:
        raise SettingsError("; ".join(slips))
    return found


def _of_file() -> dict[str, Any]:
    """Settings of `exsclaim.toml` in the working folder; {} where there is none.

    Raises:
        SettingsError: it cannot be read, or has a key that there is not.
    """
    if not FILE.is_file():
        return {}
    try:
        content: dict[str, Any] = from_toml(FILE.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{FILE.absolute()}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{FILE.absolute()}: is not UTF-8 text: save it as UTF-8") from error
    except SyntaxFaultError as error:
        raise SettingsError(f"{FILE.absolute()}: is not valid TOML: {error}") from error
    faults = []
    for key in _unknown(content):
        name = key.lower().removeprefix(_PREFIX.lower())
        if name in OF_THE_ENVIRONMENT_ALONE:
            faults.append(f"{key} is read from the environment alone: {_PREFIX}{name.upper()}")
        else:
            meant = name if name in Settings.model_fields else _meant(name)
            faults.append(f"{key} is no setting" + (f"; did you mean {meant}?" if meant else ""))
    if faults:
        raise SettingsError(f"{FILE.absolute()}: {'; '.join(faults)}")
    return content


def _unknown(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name not in Settings.model_fields)


def _meant(name: str) -> str:
    """The setting that somebody means by a name that is none; "" where it is one, or like none."""
    known = [*Settings.model_fields, *OF_THE_ENVIRONMENT_ALONE]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
    return near[0] if near and near[0] != name else ""


def _told(fault: Any) -> str:
    """Words for a value that cannot be used, with its variable, or the file that it stands in."""
    name = str(fault["loc"][0])
    variable = f"{_PREFIX}{name.upper()}"
    is_of_environment = any(each.upper() == variable and value for each, value in os.environ.items())
    where = f"{name} in {FILE.absolute()}" if FILE.is_file() and not is_of_environment else variable
    given = "" if "password" in name else f" (given: {fault['input']!r})"
    return f"{where}: {fault['msg']}{given}"
