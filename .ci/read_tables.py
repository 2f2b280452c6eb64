"""Reads every table of the run folders given with pyarrow and DuckDB, and compares.

Each must open in both, with the same columns and number of rows, a unit on every column, and its
name, schema version and digest in the metadata of the file. Files that end with .arrow, as `sim query
--out` writes them, must open in both too.
"""

import pathlib
import sys

import duckdb
import pyarrow.feather as feather
import pyarrow.parquet as pq


def read(path: pathlib.Path) -> int:
    table = pq.read_table(path)
    said = table.schema.metadata
    assert said[b"trier.table"].decode() == path.stem, f"{path} says it is {said[b'trier.table']}"
    assert int(said[b"trier.version"]) >= 1, path
    assert len(pq.ParquetFile(path).metadata.metadata[b"trier.digest"]) == 64, path
    for field in table.schema:
        assert field.metadata and field.metadata.get(b"unit"), f"{path}: {field.name} has no unit"
    relation = duckdb.read_parquet(str(path))
    assert relation.columns == table.column_names, f"{path}: {relation.columns}"
    rows = relation.fetchall()
    assert len(rows) == table.num_rows, f"{path}: {len(rows)} rows in DuckDB, {table.num_rows} in pyarrow"
    assert rows == list(zip(*(column.to_pylist() for column in table.columns))), f"{path}: values differ"
    print(f"  {path.parent.name}/{path.stem}: {table.num_rows} rows, {table.num_columns} columns")
    return table.num_rows


def read_arrow(path: pathlib.Path) -> None:
    table = feather.read_table(path)
    rows = duckdb.from_arrow(table).fetchall()
    assert rows and rows == list(zip(*(column.to_pylist() for column in table.columns))), f"{path}: values differ"
    print(f"  {path.name}: {table.num_rows} rows, {table.num_columns} columns")


def main(given: list[str]) -> None:
    assert given, "no folder given"
    for path in (pathlib.Path(name) for name in given if name.endswith(".arrow")):
        read_arrow(path)
    for folder in (name for name in given if not name.endswith(".arrow")):
        tables = sorted(pathlib.Path(folder).glob("*.parquet"))
        assert tables, f"{folder} holds no table"
        assert sum(read(table) for table in tables) > 0, f"{folder}: all tables are empty"


if __name__ == "__main__":
    main(sys.argv[1:])
