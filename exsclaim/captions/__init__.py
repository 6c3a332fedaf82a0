"""Captions: from the text under a figure to what it says of each panel."""

from exsclaim.captions.panel_text import as_text
from exsclaim.captions.splitting import SPLITTER_VERSION, split

__all__ = ["SPLITTER_VERSION", "as_text", "split"]
