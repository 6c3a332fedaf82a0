"""Sources that read web pages made for people: off, until the user says that he or she may."""

from exsclaim.errors import SettingsError
from exsclaim.settings import settings


def require_leave(source: str) -> None:
    """Go on only if the user has turned the source on.

    Raises:
        SettingsError: it is off; the message says why, and how to turn it on.
    """
    if source not in settings().scrape:
        raise SettingsError(
            f"{source} is off: its publisher has no interface for programs, its terms restrict automated reading, and "
            f"its pages often refuse robots. If your institution's licence allows text and data mining there, turn it "
            f"on: EXSCLAIM_SCRAPE={source} (robots.txt is obeyed, and nothing is done about a refusal)"
        )
