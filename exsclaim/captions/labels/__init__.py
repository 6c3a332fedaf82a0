"""The labels of a caption: the places that look like one, and the row that is believed."""
