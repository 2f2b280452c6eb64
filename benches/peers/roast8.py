"""roast-8 side by side: our lanes, the shared limit in C, and the Python peers, on the same roasts.

Every program runs once per round, in turn, on one core, so that a busy neighbour slows all of them
alike; each row keeps its best round. Rates are per CPU-second. Prints one line of JSON per row, best
first within a method: `vs_limit` is the rate over that of the C row of the same method and precision,
`vs_peer` the rate over that of the best peer of any method in that precision. A row whose error in BT
or bean temperature is 0.05 K or more is void and says so. A peer that is not installed has a line with
`missing` instead of numbers.

usage: roast8.py [--rounds 3] [--core 1] [--shared ../shared/bench] [--build FOLDER]

Needs cargo and, for the limit, cc and the shared folder; for the peers numpy with heyoka and numba.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = pathlib.Path(__file__).with_name("roast8_peers.py")
PEER_ROWS = ["heyoka_f64_split_1", "heyoka_f64_rk4_h1", "numba_f64_rk4_h1", "heyoka_f32_split_1", "heyoka_f32_rk4_h1"]
METHODS = ["f64_split_1", "f64_rk4_h1", "f32_split_1", "f32_rk4_h1"]
# What the limit was measured with; contraction to fused operations is part of being the limit.
C_FLAGS = ["-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-Wno-psabi"]
LIMIT_K = 0.05


def our_bench() -> pathlib.Path:
    """Builds our bench for the plain target and gives its place."""
    command = ["cargo", "build", "--release", "--no-default-features", "--bench", "roast8", "--message-format=json"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    built = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    places = [b["executable"] for b in built if b.get("target", {}).get("name") == "roast8" and b.get("executable")]
    return pathlib.Path(places[-1])


def limits(shared: pathlib.Path, build: pathlib.Path) -> dict[str, list[str]]:
    """Builds the limit with one vector in flight and with two."""
    source = shared / "roast8" / "roast8_c.c"
    if not source.is_file():
        return {}
    commands = {}
    for name, more in {"limit": [], "limit_x2": ["-DWD=16", "-DWF=32", "-DSUFFIX=x2"]}.items():
        program = build / name
        subprocess.run(["cc", *C_FLAGS, *more, str(source), "-o", str(program), "-lm"], check=True)
        commands[name] = [str(program)]
    return commands


def method_of(row: str) -> str | None:
    return next((m for m in METHODS if row == m or f"_{m}" in row or row.startswith(m)), None)


def run(command: list[str], core: int) -> dict[str, dict]:
    """The rows of one program, by name; what failed is a row that says so."""
    pinned = ["taskset", "-c", str(core), "nice", "-n", "5", *command]
    done = subprocess.run(pinned, capture_output=True, text=True)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])["r"]
    except (IndexError, KeyError, ValueError):
        return {pathlib.Path(command[0]).name: {"missing": done.stderr.strip()[-200:] or f"exit {done.returncode}"}}


def judged(rows: dict[str, dict]) -> list[dict]:
    """Rows with their ratios, method by method."""
    def best(chosen) -> float | None:
        return max((r["roasts_per_s"] for name, r in rows.items() if chosen(name) and "roasts_per_s" in r), default=None)

    lines = []
    for name, row in rows.items():
        method = method_of(name)
        line = {"row": name, **row}
        if "roasts_per_s" in row and method:
            if not (row["err_bt"] < LIMIT_K and row["err_bean"] < LIMIT_K):
                line["void"] = f"off by {max(row['err_bt'], row['err_bean'])} K"
            limit = best(lambda other: other.startswith(method))
            peer = best(lambda other: other.startswith(("heyoka", "numba")) and f"_{method[:3]}_" in other)
            line |= {k: float(f"{row['roasts_per_s'] / v:.3g}") for k, v in (("vs_limit", limit), ("vs_peer", peer)) if v}
        if method or "missing" in row:
            lines.append((METHODS.index(method) if method else len(METHODS), -row.get("roasts_per_s", 0), line))
    return [line for *_, line in sorted(lines, key=lambda entry: entry[:2])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--core", type=int, default=os.cpu_count() - 1)
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT / "../shared/bench")
    parser.add_argument("--build", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        build = options.build or pathlib.Path(scratch)
        build.mkdir(parents=True, exist_ok=True)
        ours = str(our_bench())
        subprocess.run([ours, "--dump", str(build), "64"], check=True)
        commands = limits(options.shared.resolve(), build)
        commands["trier"] = [ours, "--line"]
        commands |= {row: [sys.executable, "-B", str(PEERS), row, str(build)] for row in PEER_ROWS}
        rows: dict[str, dict] = {} if "limit" in commands else {"limit": {"missing": f"{options.shared} is not there"}}
        for _ in range(options.rounds):
            for command in commands.values():
                for name, row in run(command, options.core).items():
                    if row.get("roasts_per_s", 0) >= rows.get(name, {}).get("roasts_per_s", 0):
                        rows[name] = row
    for line in judged(rows):
        print(json.dumps(line))


if __name__ == "__main__":
    main()
