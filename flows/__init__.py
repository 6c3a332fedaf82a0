"""Flows: what runs after what, one file each. Run from the checkout: `python -m flows.harvest QUERY`."""

from exsclaim.recovery import named
from flows.environment import set_prefect_defaults

try:
    set_prefect_defaults()
except OSError as error:  # Prefect would end with a traceback that names neither setting nor way out
    raise SystemExit(f"EXSCLAIM_HOME, or PREFECT_HOME, cannot be used. {named(error)}") from error
