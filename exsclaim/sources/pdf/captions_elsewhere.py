"""Captions of figures that are no part of the PDF: lists of supporting information, whose figures are other files."""

import re
from collections.abc import Collection, Sequence

from exsclaim.sources.pdf.caption_detection import Caption
from exsclaim.sources.pdf.caption_text import Words
from exsclaim.sources.pdf.page_content import Page

_HEADING = re.compile(
    r"\W*(?:\d+\.?\s+)?(?:support(?:ing|ive)|supplement(?:ary|al)?|additional|electronic supplementary|web extra)\s*"
    r"(?:information|materials?|data|files?|content|figures?(?: legends?)?|online)?\W*",
    re.IGNORECASE,
)
_SUPPLEMENT = re.compile(r"\s*(?:suppl|supporting|additional)", re.IGNORECASE)
_FILE = re.compile(
    r"\(\s*(?:tiff?|eps|pdf|png|jpe?g|gif|docx?|xlsx?|pptx?|zip|avi|mov|mp4|mpe?g"
    r"|[\d.]+\s?[kM]B\b[^)]*|supplementary materials?)\s*\)\W*$",
    re.IGNORECASE,
)


def of_files_elsewhere(
    captions: Sequence[Caption], with_region: Collection[int], pages: Sequence[Page], words: Words
) -> set[int]:
    """Ids of the captions that only list a supplement's figures.

    They have no figure in this PDF, are numbered as a supplement's ("S1"), and end with the kind of a file ("(TIF)"),
    or stand under a heading "Supporting Information" with others, or in an article that has figures of its own.
    `with_region` are ids of the captions whose figures were found.
    """
    lacking = [c for c in captions if c.is_figure and id(c) not in with_region and is_of_supplement(c)]
    has_own = any(c.is_figure and id(c) in with_region and not is_of_supplement(c) for c in captions)
    headed = min(
        (page.number for page in pages if any(_HEADING.fullmatch(line.text) for line in page.lines)), default=0
    )
    listed = len(lacking) >= 3 and headed > 0
    return {
        id(caption)
        for caption in lacking
        if has_own
        or (listed and caption.page >= headed)
        or _FILE.search(words.join([*caption.lines, *caption.elsewhere]))
    }


def is_of_supplement(caption: Caption) -> bool:
    """Whether a figure is numbered as one of a supplement: "Figure S3", "Supplementary Fig. 2"."""
    return caption.number[:1].upper() == "S" or _SUPPLEMENT.match(caption.label) is not None
