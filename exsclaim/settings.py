"""The machine's settings: environment `EXSCLAIM_*`, then `exsclaim.toml` in the working folder, then defaults."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from exsclaim.errors import SettingsError


def _listed(value: Any) -> Any:
    """`acs,rsc` as well as `["acs", "rsc"]`."""
    if not isinstance(value, str):
        return value
    return [name.strip(" \"'").lower() for name in value.strip("[] ").split(",") if name.strip()]


class Settings(BaseSettings):
    """Settings of this machine for fetching, storing and computing. Sources read their own keys; none are kept here."""

    # EXSCLAIM_HOME= is what a template writes where nothing is set, and no wish for the folder one stands in
    model_config = SettingsConfigDict(
        env_prefix="EXSCLAIM_", env_ignore_empty=True, toml_file="exsclaim.toml", frozen=True, extra="ignore"
    )

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
    ignore_robots: frozenset[str] = frozenset()
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
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingsError: a value cannot be used; the message names each variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"EXSCLAIM_{'_'.join(str(p) for p in fault['loc']).upper()}: {fault['msg']}" for fault in error.errors()
        )
        raise SettingsError(f"settings cannot be used: {faults}") from error
