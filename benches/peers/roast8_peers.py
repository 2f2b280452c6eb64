"""The strongest Python peers on roast-8, one row a process: roast8_peers.py ROW FOLDER.

heyoka compiles one second of a method, written in its symbols, to vector code and calls it 720 times
over all roasts; numba compiles a loop over roasts. FOLDER holds what our bench dumped: parameters,
inputs and the reference of 64 roasts. More roasts than that are the same ones over again: the speed of
neither peer depends on the numbers. Prints one line of JSON; rates are per CPU-second, best of some.
"""

import json
import math
import os
import pathlib
import sys
import time

os.environ |= {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

SECONDS = 720
ROOM = 298.15
# ln A and activation temperature of drying, loss and reaction.
FACTORS = ((math.log(1.5e8), 9889.0), (math.log(7.7e9), 14000.0), (math.log(2.2e7), 11000.0))
BEAN_PROBE, AIR_PROBE = (9.0, 0.15), (5.0, 0.75)


def load(folder: pathlib.Path):
    import numpy as np

    parameters = np.fromfile(folder / "parameters.f64", "<f8").reshape(-1, 5)
    inputs = np.fromfile(folder / "inputs.f32", "<f4").reshape(-1, SECONDS, 3)
    reference = np.fromfile(folder / "reference.f64", "<f8").reshape(-1, SECONDS + 1, 3)
    return parameters, inputs, reference


def best_rate(work, roasts: int, repetitions: int) -> float:
    """Roasts per CPU-second of the best repetition, after one to warm up."""
    work()
    best = math.inf
    for _ in range(repetitions):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return roasts / best


def coefficients(inputs, heat):
    """Air flow W/K, burner W, air to bean W/K, metal to bean W/K."""
    gas, air, drum = inputs
    return (
        1040.0 * (0.006 + 0.010 * air),
        6200.0 * gas,
        heat * (7.0 + 9.0 * air) * (0.85 + 0.30 * drum),
        5.0 * heat * (0.7 + 0.6 * drum),
    )


def slopes(state, flows, parameters, exp):
    """The eight slopes in any arithmetic that has the four operations and an exp."""
    bean, moisture, lost, metal, hot, extent, bt, et = state
    flow, burner, air_bean_wk, metal_bean_wk = flows
    dry, _, reactivity = parameters
    one = 1.0 / bean
    drying, loss, reaction = (exp(ln - theta * one) for ln, theta in FACTORS)
    to_moisture = -(drying * moisture * moisture)
    to_lost = loss * (0.12 - lost)
    to_extent = reactivity * reaction * (1.0 - extent)
    metal_2, bean_2 = metal * metal, bean * bean
    air_bean = air_bean_wk * (hot - bean)
    metal_bean = metal_bean_wk * (metal - bean) + (0.08 * 5.670374419e-8) * (metal_2 + bean_2) * (metal_2 - bean_2)
    air_metal = 4.0 * (hot - metal)
    capacity = dry * ((1.0 - lost) * (1099.0 - 7.0 * 273.15 + 7.0 * bean) + 5000.0 * moisture)
    return (
        (air_bean + metal_bean + dry * (1.1e5 * to_extent + 2.6e6 * to_moisture)) / capacity,
        to_moisture,
        to_lost,
        (0.16 * burner - metal_bean + air_metal - 1.5 * (metal - ROOM)) * (1.0 / 4000.0),
        (flow * (ROOM - hot) + 0.70 * burner - air_bean - air_metal) * (1.0 / 40.0),
        to_extent,
        (0.85 * bean + 0.15 * hot - bt) * (1.0 / 9.0),
        (0.75 * hot + 0.25 * metal - et) * (1.0 / 5.0),
    )


def runge_kutta(state, slope_of):
    a = slope_of(state)
    b = slope_of([y + 0.5 * k for y, k in zip(state, a)])
    c = slope_of([y + 0.5 * k for y, k in zip(state, b)])
    d = slope_of([y + k for y, k in zip(state, c)])
    return [y + (p + 2.0 * q + 2.0 * r + s) * (1.0 / 6.0) for y, p, q, r, s in zip(state, a, b, c, d)]


def split(state, flows, parameters, exp):
    """One second of the split exponential midpoint; the last five numbers are the slow slopes."""
    bean, moisture, lost, metal, hot, extent, bt, et, *before = state
    flow, burner, air_bean_wk, _ = flows
    pull = flow + air_bean_wk + 4.0
    one_pull = 1.0 / pull
    rate, memory = pull * (1.0 / 40.0), 40.0 * one_pull
    kept = exp(-rate)
    climb = (air_bean_wk * before[0] + 4.0 * before[1]) * one_pull
    along = (flow * ROOM + 0.70 * burner + air_bean_wk * bean + 4.0 * metal) * one_pull - climb * memory
    gap = hot - along
    mean = along + 0.5 * climb + gap * (1.0 - kept) * memory
    middle = [y + 0.5 * s for y, s in zip((bean, metal, moisture, lost, extent), before)]
    at = (middle[0], middle[2], middle[3], middle[1], mean, middle[4], bt, et)
    to_bean, to_moisture, to_lost, to_metal, _, to_extent, _, _ = slopes(at, flows, parameters, exp)

    def probe(shown, kind, slow, slow_climb):
        lag, share = kind
        left = math.exp(-1.0 / lag)
        by = share * climb + (1.0 - share) * slow_climb
        line = share * along + (1.0 - share) * slow - lag * by
        return line + by + (shown - line) * left + (share / lag) * gap * (kept - left) / (1.0 / lag - rate)

    return [
        bean + to_bean,
        moisture + to_moisture,
        lost + to_lost,
        metal + to_metal,
        along + climb + gap * kept,
        extent + to_extent,
        probe(bt, BEAN_PROBE, bean, to_bean),
        probe(et, AIR_PROBE, metal, to_metal),
        to_bean,
        to_metal,
        to_moisture,
        to_lost,
        to_extent,
    ]


def start(np, parameters):
    """Eight states at charge, one row each."""
    drum, ones = parameters[:, 4], np.ones(len(parameters))
    return [ROOM * ones, parameters[:, 3], 0 * ones, drum, drum + 10, 0 * ones, drum - 10, drum + 5]


def heyoka(method: str, precision: str, folder: pathlib.Path, roasts: int = 8192):
    import heyoka as hy
    import numpy as np

    real = {"f64": np.float64, "f32": np.float32}[precision]
    parameters, inputs, reference = load(folder)
    again = np.arange(roasts) % len(parameters)
    parameters, inputs = parameters[again], inputs[again]
    kinds = [hy.par[i] for i in range(6)]
    flows, fixed = coefficients(kinds[:3], kinds[4]), (kinds[3], kinds[4], kinds[5])
    names = hy.make_vars(*(f"y{i}" for i in range(13 if method == "split" else 8)))
    if method == "split":
        after = split(names, flows, fixed, hy.exp)
    else:
        after = runge_kutta(names, lambda state: slopes(state, flows, fixed, hy.exp))
    second = hy.cfunc(after, names, fp_type=real)

    state = start(np, parameters)
    if method == "split":
        now = coefficients(inputs[:, 0].T.astype(np.float64), parameters[:, 1])
        settled = (now[0] * ROOM + 0.70 * now[1] + now[2] * state[0] + 4.0 * state[3]) / (now[0] + now[2] + 4.0)
        first = slopes([*state[:4], settled, *state[5:]], now, parameters[:, :3].T, np.exp)
        state += [first[0], first[3]] + [np.zeros(roasts)] * 3
    state = np.array(state, real)
    # Both as the function wants them: one contiguous row per number.
    columns = np.ascontiguousarray(inputs.transpose(1, 2, 0).astype(real))
    readings = np.empty((SECONDS + 1, 3, roasts), real)

    def work():
        here, there = state.copy(), np.empty_like(state)
        known = np.concatenate([columns[0], parameters[:, :3].T.astype(real)])
        readings[0] = here[[6, 7, 0]]
        for k in range(SECONDS):
            known[:3] = columns[k]
            second(here, pars=known, outputs=there)
            here, there = there, here
            readings[k + 1, 0], readings[k + 1, 1], readings[k + 1, 2] = here[6], here[7], here[0]

    rate = best_rate(work, roasts, 15)
    shown = readings[:, :, : len(reference)].transpose(2, 0, 1)
    return rate, np.abs(shown - reference).max(axis=(0, 1)), 720 if method == "split" else 2880


def numba(folder: pathlib.Path, roasts: int = 256):
    import numba as nb
    import numpy as np

    parameters, inputs, reference = load(folder)
    again = np.arange(roasts) % len(parameters)
    parameters, inputs = parameters[again], inputs[again].astype(np.float64)
    states = np.array(start(np, parameters)).T.copy()
    readings = np.empty((roasts, SECONDS + 1, 3))

    @nb.njit(fastmath=True, inline="always")
    def slope(y, flow, burner, air_bean_wk, metal_bean_wk, dry, reactivity, out):
        one = 1.0 / y[0]
        out[1] = -math.exp(FACTORS[0][0] - FACTORS[0][1] * one) * y[1] * y[1]
        out[2] = math.exp(FACTORS[1][0] - FACTORS[1][1] * one) * (0.12 - y[2])
        out[5] = reactivity * math.exp(FACTORS[2][0] - FACTORS[2][1] * one) * (1.0 - y[5])
        metal_2, bean_2 = y[3] * y[3], y[0] * y[0]
        air_bean = air_bean_wk * (y[4] - y[0])
        metal_bean = metal_bean_wk * (y[3] - y[0]) + 0.08 * 5.670374419e-8 * (metal_2 + bean_2) * (metal_2 - bean_2)
        air_metal = 4.0 * (y[4] - y[3])
        capacity = dry * ((1.0 - y[2]) * (1099.0 + 7.0 * (y[0] - 273.15)) + 5000.0 * y[1])
        out[0] = (air_bean + metal_bean + dry * (1.1e5 * out[5] + 2.6e6 * out[1])) / capacity
        out[3] = (0.16 * burner - metal_bean + air_metal - 1.5 * (y[3] - ROOM)) / 4000.0
        out[4] = (flow * (ROOM - y[4]) + 0.70 * burner - air_bean - air_metal) / 40.0
        out[6] = (0.85 * y[0] + 0.15 * y[4] - y[6]) / 9.0
        out[7] = (0.75 * y[4] + 0.25 * y[3] - y[7]) / 5.0

    @nb.njit(fastmath=True)
    def simulate(states, inputs, parameters, readings):
        a, b, c, d, w = np.empty(8), np.empty(8), np.empty(8), np.empty(8), np.empty(8)
        for roast in range(states.shape[0]):
            y, p = states[roast].copy(), parameters[roast]
            for k in range(SECONDS + 1):
                readings[roast, k, 0], readings[roast, k, 1], readings[roast, k, 2] = y[6], y[7], y[0]
                if k == SECONDS:
                    break
                gas, air, drum = inputs[roast, k, 0], inputs[roast, k, 1], inputs[roast, k, 2]
                flow, burner = 1040.0 * (0.006 + 0.010 * air), 6200.0 * gas
                ab, mb = p[1] * (7.0 + 9.0 * air) * (0.85 + 0.30 * drum), 5.0 * p[1] * (0.7 + 0.6 * drum)
                slope(y, flow, burner, ab, mb, p[0], p[2], a)
                for i in range(8):
                    w[i] = y[i] + 0.5 * a[i]
                slope(w, flow, burner, ab, mb, p[0], p[2], b)
                for i in range(8):
                    w[i] = y[i] + 0.5 * b[i]
                slope(w, flow, burner, ab, mb, p[0], p[2], c)
                for i in range(8):
                    w[i] = y[i] + c[i]
                slope(w, flow, burner, ab, mb, p[0], p[2], d)
                for i in range(8):
                    y[i] += (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]) / 6.0

    rate = best_rate(lambda: simulate(states, inputs, parameters, readings), roasts, 7)
    return rate, np.abs(readings[: len(reference)] - reference).max(axis=(0, 1)), 2880


def main(row: str, folder: str) -> None:
    peer, precision, method = row.split("_", 2)
    try:
        if peer == "heyoka":
            rate, errors, evaluations = heyoka(method.split("_")[0], precision, pathlib.Path(folder))
        else:
            rate, errors, evaluations = numba(pathlib.Path(folder))
    except ImportError as missing:
        print(json.dumps({"bench": "roast8_peers", "r": {row: {"missing": str(missing)}}}))
        return
    numbers = {"roasts_per_s": round(rate), "rhs_evals": evaluations}
    numbers |= {name: float(f"{error:.2g}") for name, error in zip(("err_bt", "err_et", "err_bean"), errors)}
    print(json.dumps({"bench": "roast8_peers", "r": {row: numbers}}))


if __name__ == "__main__":
    main(*sys.argv[1:])
