"""Readers of files on this machine, for the source `folder`."""
