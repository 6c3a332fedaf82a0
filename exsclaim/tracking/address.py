"""The tracking server's address, and errors of it without the password that the address may hold."""

import os
import re
from pathlib import Path

from exsclaim.settings import settings
from exsclaim.storage import without_secrets


def tracking_uri() -> str:
    """`MLFLOW_TRACKING_URI`, or a SQLite file of EXSCLAIM's own."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{own_database()}"


def own_database() -> Path:
    """The file that is used where no server is named."""
    return settings().home.expanduser().absolute() / "mlflow.db"


def why_unreachable(error: BaseException) -> str:
    """Reason for which MLflow cannot be used, with the way out where its own words name the wrong one.

    It calls a database of a newer MLflow out of date as well, and would have it upgraded, which fails.
    """
    if "out-of-date database schema" in str(error):
        return (
            "its database was made by another version: mlflow db upgrade brings an older one up, a newer one needs"
            " that newer MLflow"
        )
    return first_line(error)


def first_line(error: BaseException) -> str:
    """First line of the error, without the password that an address in it may hold."""
    return without_password((str(error).strip().splitlines() or [type(error).__name__])[0])[:200]


def without_password(text: str) -> str:
    """The text without user and password of the tracking server's address, as it has them or as a driver quotes them.

    That is what an error says of an address that it took apart: `could not translate host name "part@server"`.
    """
    address = tracking_uri().rstrip("/")
    if address.startswith("sqlite:"):  # a path may have any sign
        return text
    return re.sub(r"[^\s/\"']*@", "", text.replace(address, without_secrets(address)))
