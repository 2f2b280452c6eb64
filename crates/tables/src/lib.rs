//! The Arrow schemas, the one Parquet reader and writer, digests, run folders.
