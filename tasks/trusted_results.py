"""Reading the task cache without trusting it: nothing but JSON, and in it no classes but our own.

A result's file names the code that reads it: a serializer (pickle runs whatever the file says), a JSON library, a hook
for objects, the classes to make. Who may write into a shared bucket could so run code on every machine that reads it.
Prefect has no setting against that, so its one function that reads a result is put behind this check; a file that does
not pass is a miss, as a damaged one is, and the task's next result takes its place.
"""

import json
import logging
from typing import Any

from prefect._internal.result_records import ResultRecord  # where it lies; prefect.results brings it along
from prefect.serializers import JSONSerializer, Serializer

log = logging.getLogger(__name__)

SERIALIZER: dict[str, Any] = JSONSerializer().model_dump(mode="json")
"""Serializer of our tasks: "json" with Prefect's own encoder and decoder."""
PACKAGES = ("exsclaim.", "tasks.")
"""The classes of our results lie in these."""


class UntrustedResultError(ValueError):
    """A result's file asks for code that our tasks never ask for."""


def check(data: bytes) -> None:
    """Let a result's file pass that one of our tasks may have written.

    Raises:
        UntrustedResultError: it asks for another serializer, or for classes that are not ours.
        ValueError, TypeError, KeyError: it is no result's file.
    """
    record = json.loads(data)
    if record["metadata"]["serializer"] != SERIALIZER:
        raise UntrustedResultError(f"it is to be read with {record['metadata']['serializer']!r}"[:200])
    json.loads(record["result"], object_hook=_of_our_classes)


def _of_our_classes(value: dict[str, Any]) -> dict[str, Any]:
    name = value.get("__class__", PACKAGES[0])
    if not (isinstance(name, str) and name.startswith(PACKAGES)) or "__exc_type__" in value:
        raise UntrustedResultError(f"it is to make a {str(value.get('__exc_type__', name))[:100]}")
    return value


_read = ResultRecord.deserialize.__func__  # type: ignore[attr-defined]


def _read_checked(cls: type[ResultRecord[Any]], data: bytes, backup_serializer: Serializer | None = None) -> Any:
    try:
        check(data)
    except UntrustedResultError as error:
        log.error("a file of the task cache was not made by EXSCLAIM and is not read: %s", error)
        raise
    return _read(cls, data, backup_serializer)


def _refuse(cls: type[ResultRecord[Any]], result: bytes, metadata: bytes) -> Any:
    raise UntrustedResultError("metadata apart from results is nothing that our tasks write")


ResultRecord.deserialize = classmethod(_read_checked)  # type: ignore[assignment, method-assign]
ResultRecord.deserialize_from_result_and_metadata = classmethod(_refuse)  # type: ignore[assignment, method-assign]
