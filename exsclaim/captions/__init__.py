"""Captions: from the text under a figure to what it says of each panel."""

from exsclaim.captions.splitting import SPLITTER_VERSION, as_text, split

__all__ = ["SPLITTER_VERSION", "as_text", "split"]
