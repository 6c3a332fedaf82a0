"""The JSON interface for programs: search, panels, figures. What it offers is described at /api/."""

from typing import Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from exsclaim.gallery.opened_dataset import OpenedDataset
from exsclaim.gallery.page_templates import Templates
from exsclaim.gallery.prompts import understood
from exsclaim.gallery.searches import Search

MOST_PANELS = 500


def programs(opened: OpenedDataset, templates: Templates) -> APIRouter:
    """The routes of the interface."""
    router = APIRouter()

    @router.get("/api/", include_in_schema=False)
    def described(request: Request) -> Response:
        return templates.page(request, "interface.html", schema=request.app.openapi())

    @router.get("/api/dataset", summary="The data set: name, version, number of panels")
    def dataset() -> dict[str, Any]:
        return {"name": opened.name, "version": opened.version, "panels": opened.index.size}

    @router.get("/api/search", summary="Panels that a prompt finds, and what it was understood as")
    def search(
        prompt: str,
        first: int = Query(0, ge=0, description="Panels to pass over."),
        count: int = Query(50, ge=1, le=MOST_PANELS, description="Panels to give."),
    ) -> dict[str, Any]:
        index = opened.index
        reading = understood(prompt, journals=index.journals, sources=index.sources)
        found = index.find(reading.search, first=first, count=count)
        return {
            "conditions": [list(pair) for pair in reading.search.parameters()], "not_understood": reading.unknown,
            "notes": reading.notes, "words_in_no_text": found.unfound, "some_words_only": found.is_relaxed,
            "total": found.total, "panels": found.panels,
        }  # fmt: skip

    @router.get(
        "/api/panels", summary="Panels that conditions choose",
        description="Conditions are those of the pages' addresses: technique, kind, type, material, journal, source, "
        "licence, doubt, label, sure, phrase, text, year_min, year_max, bar_min_nm, bar_max_nm, width_min_nm, "
        "width_max_nm, px_min_nm, px_max_nm, scale, flagged, inset, access, reviewed, sort. A value that begins with "
        "“-” is left out.",
    )  # fmt: skip
    def panels(
        request: Request, first: int = Query(0, ge=0), count: int = Query(50, ge=1, le=MOST_PANELS)
    ) -> dict[str, Any]:
        found = opened.index.find(Search.of(request.query_params.multi_items()), first=first, count=count)
        return {"total": found.total, "words_in_no_text": found.unfound, "panels": found.panels}

    @router.get("/api/facets", summary="Counts of what conditions choose, by property")
    def facets(request: Request) -> dict[str, list[tuple[str, int]]]:
        return opened.index.facets(Search.of(request.query_params.multi_items()))

    @router.get("/api/figures/{id:path}", summary="A figure with its article, the parts of its caption and its panels")
    def figure(id: str) -> dict[str, Any]:
        return opened.figure(id).model_dump(mode="json")

    return router
