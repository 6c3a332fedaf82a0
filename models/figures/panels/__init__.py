"""Panels by kind: each module draws one kind of panel as a `Sketch`."""
