"""A proxy is asked for what lies elsewhere, and never for this machine."""

import os
import tomllib
from pathlib import Path

import pytest

from exsclaim.proxies import spare_loopback


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        for spelt in (name, name.upper()):
            monkeypatch.setenv(spelt, "")  # so that it is put back whoever sets it
            monkeypatch.delenv(spelt)


@pytest.mark.parametrize("proxy", ["http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize(
    ("spelt", "before", "after"),
    [
        ("no_proxy", "", "127.0.0.1,localhost,::1"),
        ("no_proxy", "lab.local, .inside", "lab.local,.inside,127.0.0.1,localhost,::1"),
        ("NO_PROXY", "localhost,lab.local", "localhost,lab.local,127.0.0.1,::1"),
        ("no_proxy", "*", "*"),
    ],
)
def test_loopback_is_asked_without_the_proxy_and_what_the_user_spared_stays(
    proxy: str, spelt: str, before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(proxy, "http://proxy.lab.local:3128")
    monkeypatch.setenv(spelt, before)
    spare_loopback()
    assert os.environ[spelt] == after


def test_without_a_proxy_nothing_is_set() -> None:
    spare_loopback()
    assert not {"no_proxy", "NO_PROXY"} & os.environ.keys()


@pytest.mark.parametrize(("extra", "client"), [(None, "requests"), ("flows", "httpx")])
def test_what_a_socks_proxy_needs_is_installed_with_each_client(extra: str | None, client: str) -> None:
    """`all_proxy=socks5://…`: without it Prefect's clients fail where they are made, whatever they are to ask."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    needed = project["optional-dependencies"][extra] if extra else project["dependencies"]
    assert [each for each in needed if each.startswith(f"{client}[socks]")]
