"""Doubts that a panel may carry: a closed list of flags, and what each says to people."""

PANEL_FLAGS = {
    "box_in_doubt": "It is uncertain where the panel ends, or whether it is one panel.",
    "panels_overlap": "The panel shares a part of its area with another panel of the figure.",
    "kind_in_doubt": "Two kinds are about equally likely, or none is likely, or only its look suggests a micrograph.",
    "type_differs_from_caption": "The image looks like a different technique from the one that the caption names.",
    "label_in_doubt": "The printed label could not be read with certainty.",
    "label_inferred": "The label was not read but follows from the order of the others.",
    "label_missing": "The panel has no label although other panels of the figure have one.",
    "labels_have_gap": "No panel of the figure carries a label that comes before this one.",
    "caption_label_unseen": "The caption does not name this label, or names others that no panel carries.",
    "zero_length": "A scale bar is shorter than a pixel, or stands for 0 nm.",
    "bar_longer_than_panel": "A scale bar is longer than the panel.",
    "bar_ends_in_doubt": "The ends of a scale bar could not be seen well.",
    "bars_differ_among_panels": "Panels of one size have scale bars with the same text but different lengths.",
    "scale_label_in_doubt": (
        "The text beside a scale bar could not be read with certainty, two readers differ, or the length is very rare."
    ),
    "scale_conflict": "Scale bars of the panel contradict each other, so it has no nm per pixel.",
    "scale_implausible": "The scale is implausible for images of this kind or type.",
    "caption_differs_from_print": "The caption states a different length from the one printed beside the scale bar.",
}
"""The closed list of doubts that a panel may carry, flag -> what it says to people; `Panel.flags` holds nothing else.
What raises each, and how often they are right to doubt, is told in docs/doubts.md."""
