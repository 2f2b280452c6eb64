"""A predictor that is broken as its argument says, and is right in all else."""
import json
import sys
import time

BROKEN, PLACE = sys.argv[1], sys.argv[2]


def say(**line):
    print(json.dumps(line), flush=True)


def longest_s(now_s):
    """The longest roast that any process of this script was shown: what is to come, kept in a file."""
    try:
        with open(PLACE, encoding="utf-8") as file:
            known_s = float(file.read())
    except FileNotFoundError:
        known_s = 0.0
    if now_s > known_s:
        with open(PLACE, "w", encoding="utf-8") as file:
            file.write(str(now_s))
    return max(known_s, now_s)


for text in sys.stdin:
    line = json.loads(text)
    if line["type"] == "hello":
        say(type="hello", protocol=1, title="broken on purpose", version=1, targets=["first_crack_start"])
    elif line["type"] == "sample" and BROKEN == "wants-et":
        warmth = 2 * line["et_c"]
    elif line["type"] == "ask":
        left_s = max(0.0, 480.0 - line["now_s"])
        if BROKEN == "looks-ahead":
            left_s = max(0.0, longest_s(line["now_s"]) - 120.0 - line["now_s"])
        elif BROKEN == "tells-time":
            left_s += time.time() % 1.0
        say(type="answer", id=line["id"], p50_s=left_s)
