"""Pages that people read: the grid of panels with its facets, a figure, pictures, downloads."""

import io
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from exsclaim.dataset import formats
from exsclaim.dataset.opened import DatasetError
from exsclaim.dataset.pictures import png
from exsclaim.figures.image import read_image
from exsclaim.flags import PANEL_FLAGS
from exsclaim.gallery.figure_view import as_json, caption_pieces, panel_views
from exsclaim.gallery.found_panels import FACETS, Found
from exsclaim.gallery.opened_dataset import OpenedDataset
from exsclaim.gallery.page_templates import Templates
from exsclaim.gallery.prompts import understood
from exsclaim.gallery.searches import CHOICES, SORTS, Search, chips, length
from exsclaim.http.imagefile import image_extension
from exsclaim.settings import settings

PAGE_PANELS = 48
MOST_DOWNLOADED = 2000
_DAY_S = 86_400
_MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
_DOWNLOADS = ("csv", "coco", "crops", "exsclaim-json", "hf", "label-studio")


def pages(opened: OpenedDataset, templates: Templates) -> APIRouter:
    """The routes of the pages."""
    router = APIRouter(default_response_class=Response, include_in_schema=False)

    @router.get("/")
    def grid(request: Request) -> Response:
        search = Search.of(request.query_params.multi_items())
        page = _page_number(request)
        index = opened.index
        found = index.find(search, first=(page - 1) * PAGE_PANELS, count=PAGE_PANELS)
        return templates.page(
            request, "grid.html", search=search, found=found, page=page, pages=-(-found.total // PAGE_PANELS),
            chips=_chips(search), facets=_facets(opened, search), sorts=SORTS, size=index.size,
            prompt=request.query_params.get("prompt", ""), notes=_notes(request, found), downloads=_DOWNLOADS,
            link=lambda **changed: "/?" + urlencode(search.parameters(**changed)), length_of=_scale,
            most_downloaded=MOST_DOWNLOADED,
        )  # fmt: skip

    @router.get("/find")
    def find(prompt: str = "") -> Response:
        index = opened.index
        reading = understood(prompt, journals=index.journals, sources=index.sources)
        pairs = [*reading.search.parameters(), ("prompt", prompt)]
        pairs += [("unknown", words) for words in reading.unknown] + [("note", note) for note in reading.notes]
        return RedirectResponse("/?" + urlencode(pairs), status_code=303)

    @router.get("/figure/{id:path}")
    def figure_page(request: Request, id: str) -> Response:
        figure = opened.figure(id)
        return templates.page(
            request, "figure.html", figure=figure, panels=panel_views(figure), pieces=caption_pieces(figure),
            doubts=PANEL_FLAGS, chosen=request.query_params.get("panel", ""),
        )  # fmt: skip

    @router.get("/figure.json/{id:path}")
    def figure_file(id: str) -> Response:
        content = json.dumps(as_json(opened.figure(id)), ensure_ascii=False, indent=1)
        return _download(content.encode(), "application/json", f"{id.replace('/', '_')}.json")

    @router.get("/image/{id:path}")
    def image(id: str) -> Response:
        content, media_type = _shown(opened.thumbnails.figure_path(opened.figure_name(id)).read_bytes())
        return Response(content, media_type=media_type, headers={"Cache-Control": f"max-age={_DAY_S}"})

    @router.get("/thumbnail/{id:path}")
    def thumbnail(id: str) -> Response:
        name, box = _place(opened, id)
        content = opened.thumbnails.thumbnail(name, box)
        return Response(content, media_type="image/webp", headers={"Cache-Control": f"max-age={_DAY_S}"})

    @router.get("/crop/{id:path}")
    def crop(id: str) -> Response:
        name, box = _place(opened, id)
        return _download(opened.thumbnails.crop(name, box), "image/png", f"{id.replace('/', '_')}.png")

    @router.post("/download")
    async def download(request: Request) -> Response:
        form = await request.form()
        given = [(name, str(value)) for name, value in form.multi_items()]
        to = next((value for name, value in given if name == "to"), "csv")
        ids = [value for name, value in given if name == "panel"]
        if not ids:
            ids = opened.index.ids(Search.of(given), MOST_DOWNLOADED)
        return _exported(opened, to, ids)

    return router


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1


def _chips(search: Search) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Conditions in words, each with the address without it, and the parameters that it is made of."""
    made = []
    for chip in chips(search):
        left = [pair for pair in search.parameters() if pair not in chip.removes]
        made.append((chip.says, "/?" + urlencode(left), list(chip.removes)))
    return made


def _facets(opened: OpenedDataset, search: Search) -> list[dict[str, Any]]:
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
            entries.append({"says": called, "count": count, "href": "/?" + urlencode(pairs), "is_chosen": is_chosen})
        if entries:
            shown.append({"name": name, "called": FACETS[name], "values": entries})
    return shown


def _notes(request: Request, found: Found) -> list[str]:
    notes = [f"Not understood: “{words}”." for words in request.query_params.getlist("unknown")]
    notes += [f"{note}." for note in request.query_params.getlist("note")]
    if found.unfound:
        notes.append("In no text, and passed over: " + ", ".join(f"“{word}”" for word in found.unfound) + ".")
    if found.is_relaxed:
        notes.append("No panel has all of the words: these have some of them.")
    return notes


def _scale(panel: dict[str, Any]) -> str:
    return f"{length(panel['width_nm'])} wide" if panel["width_nm"] else ""


def _place(opened: OpenedDataset, panel_id: str) -> tuple[str, list[float]]:
    place = opened.index.panel_place(panel_id)
    if place is None:
        raise DatasetError(f"{opened.name} has no panel {panel_id}")
    return place


def _exported(opened: OpenedDataset, to: str, ids: list[str]) -> Response:
    """A zip of the panels in a format of exsclaim export."""
    if to not in _DOWNLOADS:
        raise DatasetError(f"there is no download {to!r}: choose one of {', '.join(_DOWNLOADS)}")
    if not ids:
        raise DatasetError("nothing is chosen: tick panels, or search for some")
    if len(ids) > MOST_DOWNLOADED:
        raise DatasetError(f"{len(ids)} panels are more than one download has ({MOST_DOWNLOADED}); use exsclaim search")
    quoted = ", ".join("'" + id.replace("'", "''") + "'" for id in ids)
    packed = io.BytesIO()
    with TemporaryDirectory() as made:
        folder = Path(made)
        formats.export(opened.dataset, to, folder, where=f"id in ({quoted})")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(path, path.relative_to(folder).as_posix())
    packed.seek(0)
    return StreamingResponse(
        packed, media_type="application/zip",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{opened.name}-{to}.zip')}"},
    )  # fmt: skip


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=media_type, headers=headers)


def _shown(content: bytes) -> tuple[bytes, str]:
    """A figure's file as browsers show it, and its type; what they do not show becomes a PNG."""
    extension = image_extension(content)
    if extension in _MEDIA_TYPES:
        return content, _MEDIA_TYPES[extension]
    return png(read_image(content, settings().max_image_megapixels)), "image/png"
