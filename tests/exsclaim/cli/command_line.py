"""The command `exsclaim`, called as a shell would."""

import sys

from exsclaim.cli import main


def run(*arguments: object) -> int:
    """Exit status of `exsclaim ARGUMENTS`, run in this process."""
    before = sys.argv
    sys.argv = ["exsclaim", *map(str, arguments)]
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    finally:
        sys.argv = before
    return 0
