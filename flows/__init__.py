"""Flows: what runs after what, one file each. Run from the checkout: `python -m flows.harvest QUERY`."""

from flows.environment import set_prefect_defaults

set_prefect_defaults()
