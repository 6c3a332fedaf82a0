"""The process that reads or draws PDFs, each in a fork of it; `reader_processes` alone starts it."""

from exsclaim.sources.pdf import extraction, reader_processes
from exsclaim.sources.pdf.pdf_process import serve

if __name__ == "__main__":
    assert extraction  # loaded once, for all that are forked
    reader_processes.fork_for_each(serve)
