"""Histories of harvests as simulation draws them: a stable one, and what happens to it from some night on."""

import datetime as dt
from collections.abc import Mapping

import numpy as np

from exsclaim.quality.metrics import ALL_SOURCES, QUANTILES, STAGES, HarvestMetrics
from exsclaim.records import PanelKind

FIRST = dt.date(2024, 10, 17)
_KINDS = dict(zip(PanelKind, (0.40, 0.05, 0.33, 0.08, 0.03, 0.05, 0.03, 0.005, 0.01, 0.01, 0.005), strict=True))


def history(
    count: int,
    *,
    sources: tuple[str, ...] = ("nature", "arxiv"),
    seed: int = 1,
    separation: Mapping[int, str] | None = None,
    changes: Mapping[tuple[int, str, str], float] | None = None,
    query_name: str = "silver",
) -> list[HarvestMetrics]:
    """`count` nights, oldest first. From a night on (counted from 0) `separation` gives another version, `changes` of
    (night, source, metric) another level."""
    rng = np.random.default_rng(seed)
    nights: list[HarvestMetrics] = []
    version, levels = "11", {source: _levels() for source in sources}
    for number in range(count):
        version = (separation or {}).get(number, version)
        for (night, source, metric), level in (changes or {}).items():
            if night == number:
                levels[source][metric] = level
        day = FIRST + dt.timedelta(days=number)
        measured = {source: _measured(levels[source], rng) for source in sources}
        together = {
            name: float(np.mean([metrics[name] for metrics in measured.values() if name in metrics]))
            for name in next(iter(measured.values()))
        } | {f"seconds.{stage}": float(rng.gamma(40, 2)) for stage in STAGES}
        for source, metrics in {ALL_SOURCES: together, **measured}.items():
            versions = {"exsclaim": "0.1.0", "captions": "4", "separation": version, "model.panels": "3fa24c" * 10}
            nights.append(
                HarvestMetrics(
                    query_name=query_name, query_digest="q", harvest=day.isoformat(), source=source, day=day,
                    versions=versions, metrics={name: round(value, 4) for name, value in metrics.items()},
                )
            )  # fmt: skip
    return nights


def _levels() -> dict[str, float]:
    shares = {"fetch_success": 0.98, "parsed": 0.995, "with_figures": 0.96, "with_caption": 0.99}
    shares |= {"micrographs_with_scale": 0.81, "scale_conflicts": 0.03, "duplicates": 0.01, "label_agreement_f1": 0.95}
    return shares | {"found": 100.0, "articles": 18.0}


def _measured(level: Mapping[str, float], rng: np.random.Generator) -> dict[str, float]:
    def share(name: str, n: int) -> dict[str, float]:
        return {name: float(rng.binomial(n, level[name])) / n} if n else {}

    def mean(name: str, middle: float, deviation: float, n: int) -> dict[str, float]:
        return {name: float(np.clip(rng.normal(middle, deviation / n**0.5), 0, 1))} if n else {}

    articles = int(rng.poisson(level["articles"]))
    described = int(rng.poisson(5.5 * articles * level["with_figures"]))
    panels = int(rng.poisson(4.2 * described)) if described else 0
    micrographs = int(rng.binomial(panels, 0.42))
    counts = {
        "found": level["found"], "requests": articles + described, "pages": articles, "images": described,
        "articles": articles, "described": described, "figures": described, "captions": described,
        "lettered": round(0.8 * described), "panels": panels, "micrographs": micrographs,
        "bars": round(0.8 * micrographs), "texts": round(1.3 * micrographs), "printed": round(0.6 * micrographs),
        "failures": int(rng.poisson(1.5)),
    }  # fmt: skip
    return {
        **{name: float(count) for name, count in counts.items()},
        **share("fetch_success", articles + described),
        **mean("retries", 0.05, 0.2, articles + described),
        **share("parsed", articles),
        **share("with_figures", articles),
        **share("with_caption", described),
        **({"figures_per_article": described / articles} if articles else {}),
        **mean("label_agreement_f1", level["label_agreement_f1"], 0.25, round(0.8 * described)),
        **share("micrographs_with_scale", micrographs),
        **share("scale_conflicts", round(0.6 * micrographs)),
        **({"panels_per_figure": panels / described} if described else {}),
        **share("duplicates", described),
        **{
            name: value
            for model, n in (("panels", panels), ("scale_bars", micrographs), ("reader", micrographs))
            for quantile, middle in zip(QUANTILES, (0.6, 0.9, 0.98), strict=True)
            for name, value in mean(f"confidence.{model}.p{quantile}", middle, 0.15, n).items()
        },
        **({f"kinds.{kind}": float(rng.binomial(panels, p)) / panels for kind, p in _KINDS.items()} if panels else {}),
    }
