"""Interface for programs: what the pages show, as JSON; /api/ describes it."""

from typing import Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from exsclaim.gallery.asking import ask
from exsclaim.gallery.figure_view import as_json
from exsclaim.gallery.panel_files import more_like
from exsclaim.gallery.protection import TOKEN, Templates, takes
from exsclaim.gallery.searches import Search
from exsclaim.gallery.served_dataset import ServedDataset

MOST_PANELS = 500
MOST_FIRST = 100_000_000
_CONDITIONS = (
    "Conditions are those of the pages' addresses: technique, kind, type, material, journal, source, licence, doubt, "
    "label, sure, phrase, text, panel, year_min, year_max, bar_min_nm, bar_max_nm, width_min_nm, width_max_nm, "
    "px_min_nm, px_max_nm, scale, flagged, inset, access, reviewed, sort. A value that begins with “-” is left out. "
    "Another parameter is an error."
)


def programs(opened: ServedDataset, templates: Templates) -> APIRouter:
    """The routes of the interface, but for those that write corrections."""
    router = APIRouter()

    @router.get("/api/", include_in_schema=False, dependencies=[takes()])
    def described(request: Request) -> Response:
        return templates.page(request, "interface.html", schema=request.app.openapi())

    @router.get("/api/openapi.json", include_in_schema=False, dependencies=[takes()])
    def schema(request: Request) -> Response:
        return JSONResponse(request.app.openapi())

    @router.get("/api/dataset", summary="The data set: name, version, number of panels", dependencies=[takes()])
    def dataset() -> dict[str, Any]:
        return {"name": opened.name, "version": opened.version, "panels": opened.index.size}

    @router.get(
        "/api/search", summary="Panels that a prompt finds, and what it was understood as",
        dependencies=[takes("prompt", "first", "count")],
    )  # fmt: skip
    def search(
        prompt: str,
        first: int = Query(0, ge=0, le=MOST_FIRST, description="Panels to pass over."),
        count: int = Query(50, ge=1, le=MOST_PANELS, description="Panels to give."),
    ) -> dict[str, Any]:
        asked = ask(opened.index, prompt, first=first, count=count)
        return {"conditions": [list(pair) for pair in asked.search.parameters()], **asked.answer()}

    @router.get("/api/panels", summary="Panels that conditions choose", description=_CONDITIONS)
    def panels(
        request: Request, first: int = Query(0, ge=0, le=MOST_FIRST), count: int = Query(50, ge=1, le=MOST_PANELS)
    ) -> dict[str, Any]:
        search = Search.of(request.query_params.multi_items(), beside=(TOKEN, "first", "count"))
        found = opened.index.find(search, first=first, count=count)
        return {"total": found.total, "words_in_no_text": found.unfound, "panels": found.panels}

    @router.get("/api/facets", summary="Counts of what conditions choose, by property", description=_CONDITIONS)
    def facets(request: Request) -> dict[str, list[tuple[str, int]]]:
        return opened.index.facets(Search.of(request.query_params.multi_items(), beside=(TOKEN,)))

    @router.get(
        "/api/more", summary="A query that harvests more of what chosen panels share, and a prompt that finds it here",
        description=_CONDITIONS,
    )  # fmt: skip
    def more(request: Request) -> dict[str, Any]:
        made = more_like(opened, Search.of(request.query_params.multi_items(), beside=(TOKEN,)))
        return {
            "panels": made.panels, "techniques": made.techniques, "materials": made.materials,
            "keywords": made.keywords, "prompt": made.prompt, "query": made.query,
        }  # fmt: skip

    @router.get(
        "/api/figures/{id:path}", summary="A figure with its article, the parts of its caption and its panels",
        dependencies=[takes()],
    )  # fmt: skip
    def figure(id: str) -> dict[str, Any]:
        return as_json(opened.figure(id))

    return router
