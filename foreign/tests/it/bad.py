"""A program that speaks the protocol, and at 300 s of a roast does what its argument says."""
import json
import os
import sys
import time

MODE = sys.argv[1]
AT_S = 300


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def hello():
    if MODE == "hello-late":
        time.sleep(30)
    if MODE == "hello-none":
        sys.exit(3)
    version = {"hello-protocol": 2}.get(MODE, 1)
    targets = ["colour"] if MODE == "hello-target" else ["first_crack_start", "drop"]
    if MODE == "first-crack-only":
        targets = ["first_crack_start"]
    if MODE == "hello-text":
        print("ready", flush=True)
    say(type="hello", protocol=version, title="bad on purpose", version=7, targets=targets)


def misbehave(id):
    """Returns whether the question was dealt with."""
    global MODE
    if MODE == "nan":
        say(type="answer", id=id, p50_s=float("nan"))
    elif MODE == "infinite":
        say(type="answer", id=id, p50_s=float("inf"))
    elif MODE == "negative":
        say(type="answer", id=id, p50_s=-1.0)
    elif MODE == "crossed":
        say(type="answer", id=id, p10_s=90.0, p50_s=60.0)
    elif MODE == "text":
        print("about a minute", flush=True)
    elif MODE == "bytes":
        sys.stdout.buffer.write(b"\xff\xfe\x00\n")
        sys.stdout.flush()
    elif MODE == "sets-gas":
        say(type="answer", id=id, p50_s=60.0, gas_pct=0)
    elif MODE == "no-id":
        say(type="answer", p50_s=60.0)
    elif MODE == "empty":
        say(type="answer", id=id)
    elif MODE == "both":
        say(type="answer", id=id, p50_s=60.0, abstain="unsure")
    elif MODE == "wrong-id":
        say(type="answer", id=id + 1000, p50_s=60.0)
    elif MODE == "many-reasons":
        say(type="answer", id=id, p50_s=60.0, reasons=["x"] * 9)
    elif MODE == "long-line":
        say(type="answer", id=id, p50_s=60.0, reasons=["x" * 100_000])
    elif MODE == "no-newline":
        sys.stdout.write("x" * 200_000)
        sys.stdout.flush()
        sys.stdout.write("\n")
        sys.stdout.flush()
    elif MODE == "silent":
        pass
    elif MODE == "late":
        time.sleep(0.3)
        say(type="answer", id=id, p50_s=60.0)
    elif MODE == "spin":
        while True:
            pass
    elif MODE == "crash":
        raise RuntimeError("no more beans")
    elif MODE == "quiet-end":
        os._exit(0)
    elif MODE == "hungry":
        hoard = bytearray(512 * 1024 * 1024)
        MODE = "fed"
        say(type="answer", id=id, p50_s=float(len(hoard)))
    elif MODE == "flood":
        sys.stderr.write("x" * 2_000_000)
        sys.stderr.flush()
        say(type="answer", id=id, p50_s=60.0)
    elif MODE == "declines":
        say(type="answer", id=id, abstain="the beans look odd")
    else:
        return False
    return True


for text in sys.stdin:
    line = json.loads(text)
    if line["type"] == "hello":
        hello()
    elif line["type"] == "ask":
        if line["now_s"] >= AT_S and misbehave(line["id"]):
            continue
        say(type="answer", id=line["id"], p50_s=max(0.0, 560.0 - line["now_s"]), reasons=["a plain answer"])
if MODE == "ignores-end":
    time.sleep(60)
