"""What runs after what: one file per flow. Run from the checkout: `python -m flows.harvest QUERY`."""

from flows.environment import set_prefect_defaults

set_prefect_defaults()
