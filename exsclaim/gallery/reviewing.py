"""Review: the most doubtful figures one after the other, and corrections of what is wrong in them."""

import datetime as dt
import threading
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.exceptions import HTTPException
from starlette.responses import Response

from exsclaim.dataset.review.corrected_panels import as_seen, corrected, disagreements, panel_at
from exsclaim.dataset.review.corrections import Change, Correction, CorrectionError, Text
from exsclaim.dataset.tables.staging import HarvestedFigure, figure_digest
from exsclaim.figures.panel_types import TYPES_OF_KIND
from exsclaim.gallery.figure_view import caption_pieces, panel_views
from exsclaim.gallery.protection import TOKEN, Protection, Templates, takes
from exsclaim.gallery.searches import Search
from exsclaim.gallery.served_dataset import ServedDataset
from exsclaim.panel_doubts import PANEL_FLAGS
from exsclaim.records import PanelKind

TYPES = sorted({each for types in TYPES_OF_KIND.values() for each in types}, key=str.casefold)
"""Looks that a person can name."""
QUEUE = 2000
"""Figures of a queue, at most."""
_MOST_CHANGES = 100


class Review(BaseModel):
    """Corrections of a figure, as a page or a program sends them."""

    model_config = ConfigDict(extra="forbid")

    figure_id: Text
    who: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    changes: tuple[Change, ...] = ()
    accepted: bool = False
    seen: str = ""
    """`figure_digest` of the figure as the page showed it: changes of others since then are not accepted unseen."""


def reviewing(opened: ServedDataset, templates: Templates, protection: Protection) -> APIRouter:
    """The routes of the review."""
    router = APIRouter()
    adding = threading.Lock()

    def writer(request: Request) -> None:
        if not protection.may_write(request):
            raise HTTPException(
                401, "Writing needs the token: open the address that exsclaim view --review prints, or send it as"
                " Authorization: Bearer …",
            )  # fmt: skip

    @router.get("/review", include_in_schema=False, dependencies=[Depends(writer)])
    def review(request: Request, figure: str = "", skip: int = 0) -> Response:
        search = Search.of(request.query_params.multi_items(), beside=(TOKEN, "figure", "skip"))
        made = opened.corrections.read()
        done = {(each.figure_id, each.image_sha256) for each in made if each.accepted}
        doubtful = opened.index.doubtful_figures(search, QUEUE + len(done))
        queue = [figure for figure in doubtful if figure not in done][:QUEUE]
        chosen = figure or (queue[skip % len(queue)][0] if queue else "")
        if not chosen:
            return templates.page(request, "reviewed.html", done=len(done))
        of_figure = [each for each in made if each.figure_id == chosen]
        shown = corrected(opened.figure(chosen), of_figure)
        return templates.page(
            request, "review.html", figure=shown, panels=panel_views(shown), pieces=caption_pieces(shown),
            doubts=PANEL_FLAGS, chosen="", left=len(queue), is_all=len(queue) < QUEUE, skip=skip,
            kinds=list(PanelKind), types=TYPES, disagreements=disagreements(of_figure),
            people=sorted({each.who for each in of_figure}), seen=figure_digest(shown),
        )  # fmt: skip

    @router.get(
        "/api/corrections", summary="All corrections, in the order in which they were made",
        dependencies=[takes("figure_id")],
    )  # fmt: skip
    def corrections(figure_id: str = "") -> list[dict[str, Any]]:
        made = opened.corrections.read()
        return [each.model_dump(mode="json") for each in made if figure_id in ("", each.figure_id)]

    @router.post(
        "/api/corrections", status_code=201, summary="Add a correction of a figure",
        dependencies=[Depends(writer), takes()],
        description="The next publish applies it. “set” and “remove” name a panel by its box, which must be that of a "
        "panel as the review shows it. “seen” is the page's: a figure that has changed since is not accepted.",
    )  # fmt: skip
    def add(review: Review) -> dict[str, Any]:
        with adding:
            return _added(opened, review)

    return router


def _added(opened: ServedDataset, review: Review) -> dict[str, Any]:
    """Keep what a review says of a figure; the figure's panels with it."""
    figure = opened.figure(review.figure_id)
    earlier = [each for each in opened.corrections.read() if each.figure_id == review.figure_id]
    now = corrected(figure, earlier)
    _refuse_impossible(review, now)
    correction = Correction(
        figure_id=review.figure_id, image_sha256=figure.figure.image_sha256, version=opened.version,
        who=review.who, at=dt.datetime.now(dt.UTC).replace(microsecond=0), changes=review.changes,
        accepted=review.accepted,
    )  # fmt: skip
    opened.corrections.add([as_seen(figure, earlier, correction)])
    after = corrected(now, [correction])
    return {"panels": [panel.model_dump(mode="json") for panel in after.panels or ()]}


def _refuse_impossible(review: Review, now: HarvestedFigure) -> None:
    """Raise CorrectionError of what cannot be said of the figure as it is `now`."""
    if len(review.changes) > _MOST_CHANGES or not (review.changes or review.accepted):
        raise CorrectionError(f"a correction has 1 to {_MOST_CHANGES} changes, or accepts the figure")
    if review.accepted and review.seen and review.seen != figure_digest(now):
        raise CorrectionError("the figure has changed since this page was made: load it again, and look once more")
    width, height = now.figure.width_px, now.figure.height_px
    for change in review.changes:
        place = panel_at(now.panels or (), change.box)
        if change.action != "add" and place is None:
            raise CorrectionError(f"no panel of {review.figure_id} is at {list(change.box)}")
        if change.length_nm is not None and (place is None or not (now.panels or ())[place].scale_bars):
            raise CorrectionError(
                f"the panel at {list(change.box)} has no scale bar that could be {change.length_nm:g} nm long"
            )
        if change.type and change.type not in TYPES:
            raise CorrectionError(f"{change.type!r} is no look of an image: {', '.join(TYPES)}")
        for corners in filter(None, (change.box, change.new_box)):
            if corners[2] > width + 1 or corners[3] > height + 1:
                raise CorrectionError(f"{list(corners)} lies outside of the figure, {width} x {height} px")
