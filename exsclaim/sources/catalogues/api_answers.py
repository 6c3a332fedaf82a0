"""Answers of APIs in JSON, taken only in the shape that their documentation promises."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from exsclaim.errors import PageFormatError

Shape = TypeVar("Shape", bound=BaseModel)


def answer(shape: type[Shape], body: bytes, url: str) -> Shape:
    """What the body says, in the fields of `shape`; others are not looked at.

    Raises:
        PageFormatError: it is no JSON, or lacks or misuses a field; the message names it.
    """
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, fault["loc"])) or "the answer"
        raise PageFormatError(
            f"{url}: not the answer that its documentation promises: {place}: {fault['msg']}"
        ) from error
