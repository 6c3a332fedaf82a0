"""Fetching from publishers, politely, into the store: `Client` is the one way out to the network."""

from exsclaim.http.client import Client
from exsclaim.http.credentials import Credentials

__all__ = ["Client", "Credentials"]
