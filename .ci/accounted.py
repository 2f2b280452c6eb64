"""Checks that a run over a folder of logs accounts for every file in it.

Given the folder and the run's table of files: each file of the folder must have a row that says
read, repaired, a duplicate of another, or refused, the last two with a reason. The list and the
notice at the top are no logs.
"""

import collections
import pathlib
import sys

import pyarrow.parquet as pq

NO_LOGS = {"README.md", "index.tsv"}


def main(folder: str, files: str) -> None:
    root = pathlib.Path(folder)
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} - NO_LOGS
    assert there, f"{folder} holds no logs"
    rows = pq.read_table(files).to_pylist()
    outcomes = collections.Counter(row["outcome"] for row in rows)
    used = {row["source"] for row in rows if row["outcome"] in ("read", "repaired")}
    for row in rows:
        assert row["outcome"] in ("read", "repaired", "duplicate", "refused"), row
        assert (row["source"] in used) != bool(row["reason"]), row
        assert row["outcome"] != "duplicate" or row["reason"].split(" readings as ", 1)[1] in used, row
    missing = there - {row["source"] for row in rows}
    assert not missing, f"{len(missing)} files without a row, such as {sorted(missing)[:3]}"
    print(f"{len(there)} files in {root.name}: {dict(sorted(outcomes.items()))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
