"""Files that the pages show and offer: images, crops, chosen panels in a form, a query for more like them."""

import json
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from exsclaim.dataset.tables.pictures import png
from exsclaim.errors import DatasetError
from exsclaim.figures.image import read_image
from exsclaim.gallery.figure_view import as_json
from exsclaim.gallery.protection import TOKEN, Templates, takes
from exsclaim.gallery.searches import Search
from exsclaim.gallery.selection import MOST_DOWNLOADED, QueryForMore, packed, query_for_more
from exsclaim.gallery.served_dataset import ServedDataset
from exsclaim.http.bodies import image_extension
from exsclaim.settings import settings

_DAY_S = 86_400
_MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}


def images(opened: ServedDataset) -> APIRouter:
    """The routes of figures, thumbnails and crops."""
    router = APIRouter(default_response_class=Response, include_in_schema=False)

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

    return router


def downloads(opened: ServedDataset, templates: Templates) -> APIRouter:
    """The routes of what is taken away: a figure's JSON, chosen panels, a query that harvests more like them."""
    router = APIRouter(default_response_class=Response, include_in_schema=False)

    @router.get("/figure.json/{id:path}", dependencies=[takes()])
    def figure_file(id: str) -> Response:
        content = json.dumps(as_json(opened.figure(id)), ensure_ascii=False, indent=1)
        return _download(content.encode(), "application/json", f"{id.replace('/', '_')}.json")

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
        made = more_like(opened, search)
        address = urlencode(search.parameters())
        return templates.page(request, "more.html", more=made, address=address)

    @router.get("/more.yaml")
    def more_file(request: Request) -> Response:
        made = more_like(opened, Search.of(request.query_params.multi_items(), beside=(TOKEN,)))
        return _download(made.yaml.encode(), "application/yaml", f"{made.name}.yaml")

    return router


def more_like(opened: ServedDataset, search: Search) -> QueryForMore:
    """A query for more of what the panels of a search share."""
    return query_for_more(opened.index.find(search, count=MOST_DOWNLOADED).panels, search, opened.name)


async def _form(request: Request) -> list[tuple[str, str]]:
    """The fields of a form; files are refused."""
    form = await request.form(max_files=0, max_fields=1000)
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


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
