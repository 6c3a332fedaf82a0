"""Fetching from publishers, politely, into the store: `Client` is the one way out to the network."""

from exsclaim.http.client import Client

__all__ = ["Client"]
