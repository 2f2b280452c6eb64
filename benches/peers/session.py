"""Sessions by the plain rule, side by side: ours, the shared limit in C, and DuckDB, DataFusion and Polars.

Every program runs once a round, in turn, so that a busy neighbour slows all of them alike; each row keeps its best
round. Rates are rows per CPU-second of all threads. Prints one line of JSON per row, best first: `vs_peer` is the
rate over the best peer's, `vs_limit` over the limit's, which is the time to decode the Parquet file by our reader,
the quickest here, and then to partition by machine and pass once in C. A row whose sums over its sessions differ
from those of the limit is void and says so. A peer that is not installed has a line with `missing`.

usage: session.py [--rows 10000000] [--rounds 2] [--shared ../shared/bench] [--build FOLDER]

Needs cargo, cc, the shared folder, and Python with numpy, pyarrow, duckdb, datafusion and polars.
"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = pathlib.Path(__file__).with_name("session_peers.py")
COLUMNS = {"machine": "i4", "ts": "i8", "bt": "f4", "et": "f4", "gas": "f4", "air": "f4", "drum": "f4"}
ENDINGS = {"i4": "i32", "i8": "i64", "f4": "f32"}


def our_bench() -> pathlib.Path:
    """Builds our bench and gives its place."""
    command = ["cargo", "bench", "--workspace", "--no-default-features", "--no-run", "--bench", "session"]
    command += ["--message-format=json"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    built = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    places = [b["executable"] for b in built if b.get("target", {}).get("name") == "session" and b.get("executable")]
    return pathlib.Path(places[-1])


def data(shared: pathlib.Path, build: pathlib.Path, rows: int) -> pathlib.Path:
    """Makes the rows once, as raw columns and as Parquet, and gives their folder."""
    folder = build / f"session_{rows}"
    file = folder / "telemetry.parquet"
    if file.exists():
        return folder
    import numpy
    import pyarrow
    import pyarrow.parquet

    folder.mkdir(parents=True, exist_ok=True)
    generator = build / "session_gen"
    subprocess.run(["cc", "-O3", str(shared / "gen.c"), "-o", str(generator), "-lm"], check=True)
    subprocess.run([str(generator), str(rows), str(folder)], check=True, stderr=subprocess.DEVNULL)
    columns = {name: numpy.fromfile(folder / f"{name}.{ENDINGS[kind]}", dtype=kind) for name, kind in COLUMNS.items()}
    partial = folder / "telemetry.partial"
    pyarrow.parquet.write_table(pyarrow.table(columns), partial, row_group_size=1_000_000, compression="snappy")
    partial.rename(file)
    return folder


def run(name: str, command: list[str]) -> dict:
    """What a program says of itself; what failed says so."""
    done = subprocess.run(["nice", "-n", "5", *command], capture_output=True, text=True)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return {"r": {name: {"missing": done.stderr.strip()[-200:] or f"exit {done.returncode}"}}}


def keep_best(rows: dict[str, dict], said: dict[str, dict]) -> None:
    for name, row in said.items():
        if row.get("rows_per_cpu_s", 0) >= rows.get(name, {}).get("rows_per_cpu_s", 0):
            rows[name] = row


def judged(rows: dict[str, dict], truth: list) -> list[dict]:
    """Rows with their ratios, best first."""
    def rate(name: str) -> float | None:
        return rows.get(name, {}).get("rows_per_cpu_s")

    for row in rows.values():
        # Sums of single-precision numbers differ in their last digits by the order of summing.
        if "check" in row and any(abs(a - b) > 1e-7 * abs(b) for a, b in zip(row["check"], truth, strict=True)):
            row["void"] = f"sums are not {truth}"
    peers = [rate(name) for name in ("duckdb", "datafusion", "polars") if rate(name) and "void" not in rows[name]]
    decode, partition = rate("trier_decode_parquet"), rate("c_partition")
    limit = 1 / (1 / decode + 1 / partition) if decode and partition else None
    if limit:
        rows["limit_from_parquet"] = {"rows_per_cpu_s": round(limit)}
    lines = []
    for name, row in sorted(rows.items(), key=lambda item: -item[1].get("rows_per_cpu_s", 0)):
        line = {"row": name, **row}
        if rate(name) and peers:
            line["vs_peer"] = round(rate(name) / max(peers), 2)
        if rate(name) and limit:
            line["vs_limit"] = round(rate(name) / limit, 2)
        lines.append(line)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "target" / "peers")
    options = parser.parse_args()
    options.build.mkdir(parents=True, exist_ok=True)
    shared = options.shared / "session"
    folder = data(shared, options.build, options.rows)
    limit = options.build / "session_limit"
    subprocess.run(["cc", "-O3", "-march=native", str(shared / "limit.c"), "-o", str(limit)], check=True)
    ours = our_bench()
    rows: dict[str, dict] = {}
    truth: list = []
    for _ in range(options.rounds):
        said = run("c_partition", [str(limit), str(folder)])
        truth = said.get("check2", truth)
        keep_best(rows, said["r"])
        keep_best(rows, run("trier_from_parquet", [str(ours), "--line", str(folder)])["r"])
        for engine in ("duckdb", "datafusion", "polars"):
            row = run(engine, [sys.executable, str(PEERS), engine, str(folder / "telemetry.parquet")])
            keep_best(rows, row.get("r", {engine: row}))
    for line in judged(rows, truth):
        print(json.dumps(line))


if __name__ == "__main__":
    main()
