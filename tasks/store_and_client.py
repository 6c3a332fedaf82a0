"""The library's long-lived objects, made once per process: the store and the HTTP client that all tasks share."""

from functools import cache

from exsclaim.http import Client
from exsclaim.settings import settings
from exsclaim.store import Store, open_store


@cache
def store() -> Store:
    return open_store(settings())


@cache
def client() -> Client:
    """One client per process: its rate limits hold across all threads."""
    return Client(settings(), store())


def forget() -> None:
    """Begin anew after the settings changed (tests, notebooks)."""
    store.cache_clear()
    client.cache_clear()
    settings.cache_clear()
