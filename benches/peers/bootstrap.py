"""The judge's comparison beside scipy's BCa bootstrap of the same differences: 10,000 cases, 8 metrics, 9,999 replicates.

Ours does more: it pairs the rows, draws the bootstrap, flips the signs of all clusters 99,999 times, and runs the
companions of every comparison. scipy's does the bootstrap alone, on differences that are paired already. Prints one
line of JSON: the median seconds of both, the seconds of every run, how far the ends of the intervals lie from each
other at most (in widths of the interval), versions and cores.

usage: bootstrap.py [--runs 5] [--build FOLDER] [--bench PROGRAM]

Needs cargo, and Python with numpy and scipy. `--bench` names a build of the bench `compare` that is there already.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import time

import numpy
import scipy
import scipy.stats

ROOT = pathlib.Path(__file__).resolve().parents[2]
REPLICATES = 9_999


def our_bench() -> pathlib.Path:
    """Builds our bench and gives its place."""
    command = ["cargo", "build", "--release", "--no-default-features", "--bench", "compare", "--message-format=json"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    built = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    places = [b["executable"] for b in built if b.get("target", {}).get("name") == "compare" and b.get("executable")]
    return pathlib.Path(places[-1])


def by_scipy(differences: numpy.ndarray) -> list[tuple[float, float]]:
    """The 95 % BCa interval of the mean of each row."""
    generator = numpy.random.default_rng(1)
    ends = []
    for row in differences:
        # In batches, as all replicates at once would take 800 MB.
        found = scipy.stats.bootstrap(
            (row,), numpy.mean, n_resamples=REPLICATES, batch=100, method="BCa", rng=generator
        ).confidence_interval
        ends.append((found.low, found.high))
    return ends


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "target" / "peers")
    parser.add_argument("--bench", type=pathlib.Path)
    options = parser.parse_args()
    options.build.mkdir(parents=True, exist_ok=True)
    bench = options.bench or our_bench()
    said = subprocess.run([bench, "--line", options.build], check=True, capture_output=True, text=True).stdout
    ours = json.loads(said.splitlines()[-1])
    numbers = numpy.fromfile(options.build / "differences.f64", dtype="<f8").reshape(ours["metrics"], -1)
    seconds, ends = [], []
    for _ in range(options.runs):
        started = time.perf_counter()
        ends = by_scipy(numbers)
        seconds.append(time.perf_counter() - started)
    apart = max(
        abs(one - other) / (mine[1] - mine[0])
        for mine, theirs in zip(ours["intervals"], ends, strict=True)
        for one, other in zip(mine, theirs, strict=True)
    )
    line = {
        "cases": ours["cases"],
        "metrics": ours["metrics"],
        "replicates": ours["replicates"],
        "trier_median_s": round(statistics.median(ours["seconds"]), 3),
        "scipy_median_s": round(statistics.median(seconds), 3),
        "times_faster": round(statistics.median(seconds) / statistics.median(ours["seconds"]), 2),
        "interval_ends_apart_widths": round(apart, 4),
        "trier_s": [round(s, 3) for s in ours["seconds"]],
        "scipy_s": [round(s, 3) for s in seconds],
        "cores": os.cpu_count(),
        "scipy": scipy.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
