"""The published data set: parquet tables, the predecessor's exsclaim.json, and exports for people.

    results/<query name>/
      README.md  croissant.json  CHANGES.md          the card, the same for programs, and what each version changed
      data/{articles,figures,panels}/harvest=<harvest id>/part-NNNNN.parquet
      data/panels-without-crops/…                    the panels once more, for filters and data frames
      exsclaim.json                                  the predecessor's format, all figures
      figures/<article name>_fig<n>.<ext>            figure images as published
      ATTRIBUTION.md  attribution.csv                whose the figures are, and under which licence
      images/<kind>/<figure>-<label>.png             panel crops              save_format save_subfigures
      extractions/<figure>.png                       boxes and captions       save_format visualization, visualize
      boxes/<figure>.png                             boxes                    save_format boxes
      articles.csv  figures.csv  panels.csv          the tables, flat         save_format csv
      failures.json  report.html  report.md

`exsclaim.dataset.publish.publishing.publish` writes all but the last line, whole or not at all; a night without news
changes no byte. `exsclaim.dataset.opened` reads them. This package loads pyarrow and pandas
only with the modules that need them.
"""

from exsclaim.dataset.tables.staging import HarvestedArticle, HarvestedFigure, LeftOut

__all__ = ["HarvestedArticle", "HarvestedFigure", "LeftOut"]
