"""The gallery as a web application: `exsclaim view results/silver`."""

from collections.abc import Collection
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse, Response

import exsclaim
from exsclaim.dataset.review.corrections import CorrectionError
from exsclaim.errors import DatasetError, ExsclaimError, ImageError
from exsclaim.gallery.browsing_pages import pages
from exsclaim.gallery.json_interface import programs
from exsclaim.gallery.panel_files import downloads, images
from exsclaim.gallery.protection import LOOPBACK, Protection, Templates, static_file, takes
from exsclaim.gallery.reviewing import reviewing
from exsclaim.gallery.searches import SearchError
from exsclaim.gallery.selection import SelectionError
from exsclaim.gallery.served_dataset import ServedDataset
from exsclaim.recovery import named


def application(place: Path | str, *, token: str = "", hosts: Collection[str] = LOOPBACK) -> FastAPI:
    """The application that shows the data set at `place`.

    Args:
        place: results of a query, as published: a folder, or an fsspec URL (s3://bucket/results/silver).
        token: who has it may write corrections; "" makes the gallery read-only.
        hosts: names that it answers to; "*" is any.

    Raises:
        DatasetError: nothing is published there.
    """
    opened = ServedDataset(place)
    protection = Protection(hosts, token)
    made = FastAPI(
        title=f"EXSCLAIM: {opened.name}", version=exsclaim.__version__, docs_url=None, redoc_url=None, openapi_url=None
    )  # fmt: skip
    templates = Templates(dataset=opened.name, can_write=protection.may_write)
    made.include_router(pages(opened, templates))
    made.include_router(images(opened))
    made.include_router(downloads(opened, templates))
    made.include_router(programs(opened, templates))
    made.include_router(reviewing(opened, templates, protection))

    @made.get("/static/{name}", include_in_schema=False, dependencies=[takes()])
    def static(name: str) -> Response:
        found = static_file(name)
        if found is None:
            raise HTTPException(404, f"there is no file {name}")
        return Response(found[0], media_type=found[1], headers={"Cache-Control": "max-age=3600"})

    _answer_faults(made, templates)
    made.add_middleware(BaseHTTPMiddleware, dispatch=protection)
    return made


def _answer_faults(made: FastAPI, templates: Templates) -> None:
    """Answer every fault with a page or, to programs, with JSON: a status, and what is wrong."""

    def is_program(request: Request) -> bool:
        return request.url.path.startswith("/api/") and request.url.path != "/api/"

    def failed(request: Request, status: int, message: str) -> Response:
        if is_program(request):
            return JSONResponse({"error": message}, status_code=status)
        return templates.page(request, "error.html", status=status, message=message)

    @made.exception_handler(ExsclaimError)
    def known_fault(request: Request, error: Exception) -> Response:
        status = 500
        if isinstance(error, DatasetError | ImageError):
            status = 404
        elif isinstance(error, SearchError | CorrectionError | SelectionError):
            status = 422 if isinstance(error, SearchError) and is_program(request) else 400
        return failed(request, status, str(error))

    @made.exception_handler(OSError)
    def machine_fault(request: Request, error: Exception) -> Response:
        return failed(request, 500, str(named(error)))

    @made.exception_handler(HTTPException)
    def http_fault(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        said = str(error.detail) if isinstance(error, HTTPException) else ""
        return failed(request, status, f"there is no page {request.url.path}" if said == "Not Found" else said)

    @made.exception_handler(RequestValidationError)
    def bad_request(request: Request, error: Exception) -> Response:
        faults = error.errors() if isinstance(error, RequestValidationError) else []
        said = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
        return failed(request, 422, said)
