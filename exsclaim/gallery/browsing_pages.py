"""Pages to read: the grid of panels with its facets, a figure, pictures, downloads; the same as JSON for programs."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from exsclaim.dataset.tables.pictures import png
from exsclaim.errors import DatasetError
from exsclaim.figures.image import read_image
from exsclaim.gallery.asking import ask
from exsclaim.gallery.figure_view import as_json, caption_pieces, panel_views
from exsclaim.gallery.found_panels import FACETS
from exsclaim.gallery.prompts import understood
from exsclaim.gallery.protection import TOKEN, Templates, takes
from exsclaim.gallery.searches import CHOICES, LISTS, SORTS, Search, SearchError, chips, length
from exsclaim.gallery.selection import DOWNLOADS, MOST_DOWNLOADED, QueryForMore, packed, query_for_more
from exsclaim.gallery.served_dataset import ServedDataset
from exsclaim.http.bodies import image_extension
from exsclaim.records import PANEL_FLAGS
from exsclaim.settings import settings

PAGE_PANELS = 48
MOST_PANELS = 500
MOST_FIRST = 100_000_000
_DAY_S = 86_400
_MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
_BESIDE = (TOKEN, "page", "prompt")
"""Parameters of the grid that are no conditions."""
_CONDITIONS = (
    "Conditions are those of the pages' addresses: technique, kind, type, material, journal, source, licence, doubt, "
    "label, sure, phrase, text, panel, year_min, year_max, bar_min_nm, bar_max_nm, width_min_nm, width_max_nm, "
    "px_min_nm, px_max_nm, scale, flagged, inset, access, reviewed, sort. A value that begins with “-” is left out. "
    "Another parameter is an error."
)


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

    @router.get("/figure.json/{id:path}", dependencies=[takes()])
    def figure_file(id: str) -> Response:
        content = json.dumps(as_json(opened.figure(id)), ensure_ascii=False, indent=1)
        return _download(content.encode(), "application/json", f"{id.replace('/', '_')}.json")

    @router.get("/image/{id:path}", dependencies=[takes()])
    def image(id: str) -> Response:
        content, media_type = _shown(opened.thumbnails.figure_path(opened.figure_name(id)).read_bytes())
        return Response(content, media_type=media_type, headers={"Cache-Control": f"max-age={_DAY_S}"})

    @router.get("/thumbnail/{id:path}", dependencies=[takes()])
    def thumbnail(id: str) -> Response:
        name, box = _place(opened, id)
        content = opened.thumbnails.thumbnail(name, box)
        return Response(content, media_type="image/webp", headers={"Cache-Control": f"max-age={_DAY_S}"})

    @router.get("/crop/{id:path}", dependencies=[takes()])
    def crop(id: str) -> Response:
        name, box = _place(opened, id)
        return _download(opened.thumbnails.crop(name, box), "image/png", f"{id.replace('/', '_')}.png")

    @router.post("/download", dependencies=[takes()])
    async def download(request: Request) -> Response:
        given = await _form(request)
        to = dict(given).get("to", "csv")
        search = Search.of(given, beside=("to",))

        def content() -> bytes:
            return packed(opened.dataset, to, opened.index.ids(search, MOST_DOWNLOADED))

        return _download(await run_in_threadpool(content), "application/zip", f"{opened.name}-{to}.zip")

    @router.post("/more", dependencies=[takes()])
    async def ask_for_more(request: Request) -> Response:
        search = Search.of(await _form(request), beside=("to",))
        return RedirectResponse("/more?" + urlencode(search.parameters()), status_code=303)

    @router.get("/more")
    def more(request: Request) -> Response:
        search = Search.of(request.query_params.multi_items(), beside=(TOKEN,))
        made = _more(opened, search)
        address = urlencode(search.parameters())
        return templates.page(request, "more.html", more=made, address=address)

    @router.get("/more.yaml")
    def more_file(request: Request) -> Response:
        made = _more(opened, Search.of(request.query_params.multi_items(), beside=(TOKEN,)))
        return _download(made.yaml.encode(), "application/yaml", f"{made.name}.yaml")

    return router


def programs(opened: ServedDataset, templates: Templates) -> APIRouter:
    """The routes of the JSON interface that read; /api/ describes them."""
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
        made = _more(opened, Search.of(request.query_params.multi_items(), beside=(TOKEN,)))
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


async def _form(request: Request) -> list[tuple[str, str]]:
    """The fields of a form; files are refused."""
    form = await request.form(max_files=0, max_fields=1000)
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and int(text)):
        raise SearchError(f"page={text[:40]} is no number of a page")
    return int(text)


def _more(opened: ServedDataset, search: Search) -> QueryForMore:
    return query_for_more(opened.index.find(search, count=MOST_DOWNLOADED).panels, search, opened.name)


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
        entries = []
        for value, count in values:
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
            entries.append(
                {
                    "says": called,
                    "value": value,
                    "count": count,
                    "href": "/?" + urlencode(pairs),
                    "is_chosen": is_chosen,
                }
            )
        if entries:
            shown.append({"name": name, "called": FACETS[name], "values": entries})
    return shown


def _scale(panel: dict[str, Any]) -> str:
    return f"{length(panel['width_nm'])} wide" if panel["width_nm"] else ""


def _place(opened: ServedDataset, panel_id: str) -> tuple[str, list[float]]:
    place = opened.index.panel_place(panel_id)
    if place is None:
        raise DatasetError(f"{opened.name} has no panel {panel_id}")
    return place


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=media_type, headers=headers)


def _shown(content: bytes) -> tuple[bytes, str]:
    """A figure's file as browsers show it, and its type; what they do not show becomes a PNG."""
    extension = image_extension(content)
    if extension in _MEDIA_TYPES:
        return content, _MEDIA_TYPES[extension]
    return png(read_image(content, settings().max_image_megapixels)), "image/png"
