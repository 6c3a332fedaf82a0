"""Scores of the kind network on pictures of panels that it did not learn from.

    python -m models.kinds.kind_evaluation FIGURES… [--weights FOLDER] [--all]

Judged are panels of the annotated figures (`models.annotated_figures`) that trainings hold back; with --all,
of all figures.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from exsclaim.figures.detection.kind_classifier import KindClassifier
from exsclaim.figures.detection.panel_network import KINDS, TYPES
from exsclaim.figures.weights import FOLDER
from exsclaim.geometry import Box
from exsclaim.records import PanelKind
from models.annotated_figures import held_back, read_annotated
from models.kinds.kind_crops import PanelPicture, annotated_pictures


def score(classifier: KindClassifier, pictures: Sequence[PanelPicture]) -> dict[str, float]:
    """Shares right at true boxes: kinds of panels of their own but parents, kinds of all, and types where known."""
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for picture in pictures:
        (seen,) = classifier.classify(picture.image, [Box.of(picture.box)])
        is_right = KINDS[int(seen.kinds.argmax())] is picture.kind
        is_own = not picture.nested and picture.kind is not PanelKind.PARENT
        for name in ("kind_right", "kind_right_all") if is_own else ("kind_right_all",):
            right[name] += is_right
            count[name] += 1
        if len(picture.types) == 1:
            right["type_right"] += TYPES[int(seen.types.argmax())] == picture.types[0]
            count["type_right"] += 1
    return {name: right[name] / count[name] for name in sorted(count)}


def main(argv: Sequence[str] | None = None) -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Score the kind network.")
    parser.add_argument("figures", nargs="+", type=Path)
    parser.add_argument("--weights", type=Path, default=FOLDER)
    parser.add_argument("--all", action="store_true", help="all figures, not those alone that trainings hold back")
    options = parser.parse_args(argv)
    figures = [figure for folder in options.figures for figure in read_annotated(folder)]
    pictures = list(annotated_pictures(figures if options.all else held_back(figures)[1]))
    sys.stdout.write(json.dumps(score(KindClassifier.load(folder=options.weights), pictures), indent=1) + "\n")


if __name__ == "__main__":
    main()
