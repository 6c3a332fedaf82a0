"""The process in which one PDF is read: `python -m exsclaim.sources.pdf FOLDER`, for `isolation.read_pdf` alone."""

import sys
from pathlib import Path

from exsclaim.sources.pdf.isolation import serve

if __name__ == "__main__":
    sys.exit(serve(Path(sys.argv[1])))
