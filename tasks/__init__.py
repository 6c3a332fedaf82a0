"""One file per stage: a thin, cached, retryable Prefect task around a call of the library."""
