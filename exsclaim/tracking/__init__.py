"""Runs as a tracking server is told of them, and the files in which they wait for it. MLflow is known to `tasks/`."""
