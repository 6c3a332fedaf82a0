"""EXSCLAIM: from a query to a self-labelled data set of scientific images."""

__version__ = "0.1.0"
