"""The reader of LaTeX submissions: figures, captions, images; formulas in TeX as text."""
