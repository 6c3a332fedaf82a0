"""Flows: what runs after what, one file each. Run from the checkout: `python -m flows.harvest QUERY`."""

import signal
import sys
from types import TracebackType


def _answer_ctrl_c() -> None:
    """Let Ctrl-C end a command from its first moment, without a traceback while Prefect is imported.

    A shell has SIGINT ignored in what a script starts in its background, and Python leaves it so. Who sends it to this
    process means it: a harvest that cannot be told to end by Ctrl-C or `kill -INT` would be killed.
    """

    def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        # pydantic makes an error of its own of one that meets it while it loads
        if issubclass(kind, KeyboardInterrupt) or KeyboardInterrupt.__name__ in str(error):
            sys.stderr.write("Interrupted.\n")
        else:
            sys.__excepthook__(kind, error, trace)

    sys.excepthook = told
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


if sys.argv[0] in ("-m", "exsclaim harvest"):  # one of our commands is being imported
    _answer_ctrl_c()
    from exsclaim.untrusted_text import show_on_any_terminal

    show_on_any_terminal()

from exsclaim.recovery import named  # noqa: E402
from flows.environment import set_prefect_defaults  # noqa: E402

try:
    set_prefect_defaults()
except OSError as error:  # Prefect would end with a traceback that names neither setting nor way out
    raise SystemExit(f"EXSCLAIM_HOME, or PREFECT_HOME, cannot be used. {named(error)}") from error
