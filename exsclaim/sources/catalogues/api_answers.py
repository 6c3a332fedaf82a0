"""Answers of APIs in JSON, taken only in the shape that their documentation promises.

A field that is null is one that is not given, and one item of a list that is not as promised costs that item only; a
page of results that holds nothing as promised is an error.
"""

import logging
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from exsclaim.errors import PageFormatError

log = logging.getLogger(__name__)


class ApiRecord(BaseModel):
    """A part of an answer; fields that are not declared are not looked at."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _null_is_not_given(cls, given: Any) -> Any:
        return {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else given


Shape = TypeVar("Shape", bound=ApiRecord)
Item = TypeVar("Item")


def _valid_or_none(given: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    if not isinstance(given, list):
        return validate(given)
    try:
        return validate(given)
    except ValidationError:
        kept: list[Any] = []
        for item in given:
            try:
                kept += validate([item])
            except ValidationError as error:
                log.warning("an item of an answer is left out: %s", _fault(error))
                kept.append(None)
        return kept


def _valid_ones(given: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    return [item for item in _valid_or_none(given, validate) if item is not None]


Listed = Annotated[list[Item], WrapValidator(_valid_ones)]
"""A list of which the items that are not as promised are left out."""
Results = Annotated[list[Item | None], WrapValidator(_valid_or_none)]
"""The items of a page of results: None for one that is not as promised, so that as many are counted as came."""


def promised(results: Sequence[Item | None], url: str) -> list[Item]:
    """The results of a page that are as promised.

    Raises:
        PageFormatError: there are results, and none of them is.
    """
    found = [each for each in results if each is not None]
    if results and not found:
        raise PageFormatError(f"{url}: none of the {len(results)} results is as the documentation promises")
    return found


def answer(shape: type[Shape], body: bytes, url: str) -> Shape:
    """The content of a body, in the fields of `shape`.

    Raises:
        PageFormatError: it is no JSON, or lacks or misuses a field; the message names it.
    """
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise PageFormatError(f"{url}: not the answer that its documentation promises: {_fault(error)}") from error


def _fault(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'the answer'}: {fault['msg']}"
