"""Pages to read: the grid of panels with its facets, and a figure."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from exsclaim.gallery.asking import ask
from exsclaim.gallery.figure_view import caption_pieces, panel_views
from exsclaim.gallery.found_panels import FACETS
from exsclaim.gallery.prompts import understood
from exsclaim.gallery.protection import TOKEN, Templates, takes
from exsclaim.gallery.searches import CHOICES, LISTS, SORTS, Search, SearchError, chips, length
from exsclaim.gallery.selection import DOWNLOADS, MOST_DOWNLOADED
from exsclaim.gallery.served_dataset import ServedDataset
from exsclaim.panel_doubts import PANEL_FLAGS

PAGE_PANELS = 48
_BESIDE = (TOKEN, "page", "prompt")
"""Parameters of the grid that are no conditions."""


def pages(opened: ServedDataset, templates: Templates) -> APIRouter:
    """The routes of the pages."""
    router = APIRouter(default_response_class=Response, include_in_schema=False)

    @router.get("/")
    def grid(request: Request) -> Response:
        beside = Search.of(request.query_params.multi_items(), beside=_BESIDE)
        page = _page_number(request)
        index = opened.index
        prompt = request.query_params.get("prompt", "")
        asked = ask(index, prompt, beside=beside, first=(page - 1) * PAGE_PANELS, count=PAGE_PANELS)
        search, found = asked.search, asked.found
        return templates.page(
            request, "grid.html", search=search, found=found, page=page, pages=-(-found.total // PAGE_PANELS),
            chips=_chips(search), facets=_facets(opened, search), sorts=SORTS, size=index.size,
            prompt=prompt, notes=list(asked.remarks()), downloads=DOWNLOADS,
            link=lambda **changed: "/?" + urlencode(search.parameters(**changed)), length_of=_scale,
            most_downloaded=MOST_DOWNLOADED, lists=LISTS, choices=CHOICES,
        )  # fmt: skip

    @router.get("/find", dependencies=[takes("prompt")])
    def find(prompt: str = "") -> Response:
        index = opened.index
        reading = understood(prompt, journals=index.journals, sources=index.sources)
        return RedirectResponse("/?" + urlencode([*reading.search.parameters(), ("prompt", prompt)]), status_code=303)

    @router.get("/figure/{id:path}", dependencies=[takes("panel")])
    def figure_page(request: Request, id: str) -> Response:
        figure = opened.figure(id)
        return templates.page(
            request, "figure.html", figure=figure, panels=panel_views(figure), pieces=caption_pieces(figure),
            doubts=PANEL_FLAGS, chosen=request.query_params.get("panel", ""),
        )  # fmt: skip

    return router


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and int(text)):
        raise SearchError(f"page={text[:40]} is no number of a page")
    return int(text)


def _chips(search: Search) -> list[dict[str, Any]]:
    """Conditions in words, each with the address without it, what the others are, and the fields that change it."""
    made = []
    for chip in chips(search):
        left = [pair for pair in search.parameters() if pair not in chip.removes]
        made.append({"says": chip.says, "href": "/?" + urlencode(left), "others": left, "fields": chip.fields})
    return made


def _facets(opened: ServedDataset, search: Search) -> list[dict[str, Any]]:
    """Counts of each property, each value with the address that adds it, or takes it away where it is chosen."""
    shown = []
    for name, values in opened.index.facets(search).items():
        entries = [_facet_entry(search, name, value, count) for value, count in values]
        if entries:
            shown.append({"name": name, "called": FACETS[name], "values": entries})
    return shown


def _facet_entry(search: Search, name: str, value: str, count: int) -> dict[str, Any]:
    pairs = search.parameters()
    if name == "year":
        is_chosen = str(search.year_min) == str(search.year_max) == value
        pairs = [pair for pair in pairs if pair[0] not in ("year_min", "year_max")]
        pairs += [] if is_chosen else [("year_min", value), ("year_max", value)]
    elif name in CHOICES:
        is_chosen = getattr(search, name) == value
        pairs = [pair for pair in pairs if pair[0] != name] + ([] if is_chosen else [(name, value)])
    else:
        is_chosen = value in getattr(search, name)
        pairs = [pair for pair in pairs if pair != (name, value)] if is_chosen else [*pairs, (name, value)]
    called = CHOICES[name][value != "yes"] if name in CHOICES else value.replace("_", " ")
    return {"says": called, "value": value, "count": count, "href": "/?" + urlencode(pairs), "is_chosen": is_chosen}


def _scale(panel: dict[str, Any]) -> str:
    return f"{length(panel['width_nm'])} wide" if panel["width_nm"] else ""
