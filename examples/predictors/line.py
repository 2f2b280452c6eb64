"""A predictor for sim: the line through the last minute of BT, aimed at the machine's usual BT."""
import json
import sys
from statistics import linear_regression, median

USUAL_BT_C = {"first_crack_start": 196.0, "drop": 212.0}  # of a machine that nothing is known of


def say(**line):
    print(json.dumps(line, allow_nan=False), flush=True)


def answer(points, now_s, goal_c, roasts):
    """Seconds until the line through the last 60 s reaches the goal, as keys of an answer."""
    last = [(t, c) for t, c in points if t > now_s - 60]
    if len(last) < 10 or now_s < 120:
        return {"abstain": "less than ten points, or before the curve is straight"}
    slope, at_zero = linear_regression(*zip(*last))
    bt_c = at_zero + slope * now_s
    if bt_c < goal_c and slope < 0.01:
        return {"abstain": f"BT rises {60 * slope:.1f} °C/min"}
    left_s = 0 if bt_c >= goal_c else min((goal_c - bt_c) / slope, 3600)
    why = [f"BT {bt_c:.1f} °C rises {60 * slope:.1f} °C/min", f"goal {goal_c:.1f} °C of {roasts} roasts"]
    return {"p10_s": 0.8 * left_s, "p50_s": left_s, "p90_s": 1.4 * left_s, "reasons": why}


for text in sys.stdin:
    line = json.loads(text)
    if line["type"] == "hello":
        say(type="hello", protocol=1, title="a line through the last minute", version=1, targets=list(USUAL_BT_C))
    elif line["type"] == "begin":
        points, earlier, plan_c = [], line["earlier"], line["plan"]["drop_bt_c"]
    elif line["type"] == "sample" and line["bt_c"] is not None:
        points.append((line["t_s"], line["bt_c"]))
    elif line["type"] == "ask":
        key = {"first_crack_start": "first_crack_bt_c", "drop": "drop_bt_c"}[line["target"]]
        known = [roast[key] for roast in earlier if roast[key] is not None]
        goal_c = median(known) if known else USUAL_BT_C[line["target"]]
        goal_c = plan_c if line["target"] == "drop" and plan_c else goal_c
        say(type="answer", id=line["id"], **answer(points, line["now_s"], goal_c, len(known)))
