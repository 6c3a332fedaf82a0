"""The process in which one PDF is read or drawn: `python -m exsclaim.sources.pdf FOLDER SECONDS TASK [PAGE]`.

`pdf_process` alone starts it.
"""

import sys
from pathlib import Path

from exsclaim.sources.pdf.pdf_process import serve

if __name__ == "__main__":
    folder, seconds, task, *page = sys.argv[1:]
    sys.exit(serve(Path(folder), float(seconds), task, *map(int, page)))
