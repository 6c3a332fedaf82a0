"""Stage `separate`: a figure's image -> panels with their letters and scale bars."""

from collections.abc import Sequence

from prefect import task

from exsclaim.figures import SEPARATION_VERSION, model_versions, separate
from exsclaim.figures.image import read_image
from exsclaim.records import Panel
from exsclaim.settings import settings
from tasks.caching import digest, keyed, labels_digest
from tasks.library import store


@task(
    task_run_name="separate {figure_id}",
    tags=["gpu"],
    cache_policy=keyed(
        "separate",
        lambda p: "-".join(
            (p["image_sha256"], labels_digest(p["labels"]), SEPARATION_VERSION, digest(model_versions())[:12])
        ),
    ),
    persist_result=True,
    result_serializer="json",
    cache_result_in_memory=False,
)
def separate_figure(image_sha256: str, labels: Sequence[str], figure_id: str) -> list[Panel]:
    """Cut a stored image into panels; `labels` are those that the caption names.

    The cache knows images, not figures: the same image under another figure is not separated twice, so ids in a
    cached result may be another figure's. `exsclaim.assembly` gives every panel its own figure's id.
    """
    image = read_image(store().read(image_sha256), settings().max_image_megapixels)
    return separate(image, labels, figure_id=figure_id)
