"""The closed list of flags: the doubts that a panel may carry, in words that a person understands.

What raises each of them, and how often they are right to doubt, is told in docs/doubts.md.
"""

PANEL_FLAGS = {
    "box_in_doubt": "Where the panel ends, or whether it is one panel, is not sure.",
    "panels_overlap": "The panel shares a part of its area with another panel of the figure.",
    "kind_in_doubt": "Two kinds are about as likely, or none is.",
    "type_differs_from_caption": "The image looks like another technique than the caption names.",
    "label_in_doubt": "The printed label could not be read for sure.",
    "label_inferred": "The label was not read but follows from the order of the others.",
    "label_missing": "The panel has no label although other panels of the figure have one.",
    "labels_have_gap": "A label that comes before this one is carried by no panel of the figure.",
    "caption_label_unseen": "The caption does not name this label, or names others that no panel carries.",
    "zero_length": "A scale bar is shorter than a pixel, or stands for 0 nm.",
    "bar_longer_than_panel": "A scale bar is longer than the panel.",
    "bar_ends_in_doubt": "Where a scale bar ends could not be seen well.",
    "bars_differ_among_panels": "Panels of one size have scale bars of the same text and of different lengths.",
    "scale_label_in_doubt": "The text beside a scale bar could not be read for sure, or two readers differ.",
    "scale_conflict": "Scale bars of the panel contradict each other: it has no nm per pixel.",
    "scale_implausible": "Images of this kind do not have such a scale.",
    "caption_differs_from_print": "The caption states another length than is printed beside the scale bar.",
}
"""Flag -> what it says. `Panel.flags` holds nothing else."""
