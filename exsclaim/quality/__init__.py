"""Quality against gold data: how right panels, letters, kinds, scale bars and caption segments are.

    read_gold(folder)                            -> {figure: GoldFigure}
    score_figure(gold, found), total(scores)     -> FigureScore, and that of many figures
    mean_average_precision(gold, found)          -> COCO's AP of panels by kind
    read_gold_captions(file), score_captions(…)  -> CaptionScore

Quality over time, without gold, is beside it: `metrics` names what every harvest measures, `harvest_measures` measures
it, `drift` and `alarms` judge a history of harvests, `trends` and `quality_report` show it.

What was found is read from EXSCLAIM JSON (`FoundFigure.from_entry`), so that any published `exsclaim.json` can be
scored, not only what was just separated.
"""

from exsclaim.quality.caption_scores import CaptionScore, score_captions, score_parts
from exsclaim.quality.figure_scores import FigureScore, FoundFigure, score_figure, total
from exsclaim.quality.gold import GoldCaption, GoldFigure, gold_digest, read_captions, read_gold, read_gold_captions
from exsclaim.quality.matching import Matches

__all__ = [
    "CaptionScore",
    "FigureScore",
    "FoundFigure",
    "GoldCaption",
    "GoldFigure",
    "Matches",
    "gold_digest",
    "read_captions",
    "read_gold",
    "read_gold_captions",
    "score_captions",
    "score_figure",
    "score_parts",
    "total",
]
