"""The tables of a data set: columns, rows of an article, parquet files in shards, filters."""
