"""Proxies that the environment names (`http_proxy` …) are for what lies elsewhere, and not for this machine."""

import os
from urllib.request import getproxies_environment

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def spare_loopback() -> None:
    """Let what this machine serves itself be asked without a proxy: Prefect's embedded server, a journal of our own.

    A proxy would look for them on its own machine, and a harvest would wait for a server that long runs.
    """
    named = getproxies_environment()
    spared = named.pop("no", "")
    if not named or spared.strip() == "*":  # which stands for all only where it stands alone
        return
    hosts = [host for host in map(str.strip, spared.split(",")) if host]
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(dict.fromkeys((*hosts, *LOOPBACK)))
