"""Looks at every window of every limit in the log of caravan sink.

  windows.py LOG LIMITS FROM-MS TO-MS

LIMITS has a line for each: name, VirtualMTAs by EHLO name (@ behind them: each destination by itself, @/: each source
address of each destination), directive, what is weighed (messages, bytes, connections, open, carried), limit, seconds. Over-runs are looked for in the whole log, from the
first message on; use between FROM and TO, in whole windows.
"""
import sys
from collections import defaultdict
from datetime import datetime


def ms(text):
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def read(path):
    by_vmta = defaultdict(list)
    with open(path) as log:
        for line in log:
            f = dict(word.split("=", 1) for word in line.split() if "=" in word)
            by_vmta[f["ehlo"].split(".")[0]].append(
                (ms(f["time"]), f["client"], int(f["size"]), int(f["connection"]), ms(f["opened"]),
                 f["to"].rsplit("@", 1)[1]))
    return by_vmta


def over_runs(events, limit, length):
    """Windows, each beginning at an event, that hold more than the limit, and the most that one holds."""
    count = most = inside = end = 0
    for begin, (at, weight) in enumerate(events):
        while end < len(events) and events[end][0] < at + length:
            inside += events[end][1]
            end += 1
        most = max(most, inside)
        count += inside > limit
        inside -= weight
    return count, most


def rate(mails, weighed, limit, length, begin, end):
    if weighed == "connections":
        events = sorted({m[3]: (m[4], 1) for m in mails}.values())
    else:
        events = sorted((m[0], m[2] if weighed == "bytes" else 1) for m in mails)
    count, most = over_runs(events, limit, length)
    windows = (end - begin) // length
    used = sum(w for at, w in events if begin <= at < begin + windows * length)
    return count, most, 100 * used / (windows * limit)


def at_once(mails, limit):
    """Connections are open at least from their opening to the last message on them."""
    spans = {}
    for m in mails:
        first, last = spans.get(m[3], (m[4], 0))
        spans[m[3]] = (first, max(last, m[0]))
    count = most = now = 0
    for _, step in sorted([(a, 1) for a, _ in spans.values()] + [(b, 0) for _, b in spans.values()]):
        now += 1 if step else -1
        most = max(most, now)
        count += step and now > limit
    return count, most, 100 * most / limit


def carried(mails, limit):
    messages = defaultdict(int)
    for m in mails:
        messages[m[3]] += 1
    most = max(messages.values(), default=0)
    return sum(n > limit for n in messages.values()), most, 100 * most / limit


def main(log, limits, begin, end):
    by_vmta = read(log)
    total = 0
    least = 1000
    print(f"{'of':<5} {'directive':<28} {'limit':>12} {'most':>8} {'over-runs':>9} {'used %':>7} {'messages':>9}")
    for line in open(limits):
        name, vmtas, directive, weighed, limit, seconds = line.split()
        limit = int(limit)
        groups = defaultdict(list)
        for v in vmtas.rstrip("@/").split(","):
            for m in by_vmta[v]:
                groups[(m[5] if "@" in vmtas else "", m[1] if "/" in vmtas else "")].append(m)
        for _, group in sorted(groups.items()):
            if weighed == "open":
                count, most, use = at_once(group, limit)
            elif weighed == "carried":
                count, most, use = carried(group, limit)
            else:
                count, most, use = rate(group, weighed, limit, int(seconds) * 1000, begin, end)
            written = f"{limit}/{seconds}s" if seconds not in ("0", "-") else str(limit)
            print(f"{name:<5} {directive:<28} {written:>12} {most:>8} {count:>9} {use:>7.1f} {len(group):>9}")
            total += count
            least = min(least, use)
    print(f"\noverruns={total} least_use={least:.1f} messages={sum(map(len, by_vmta.values()))}")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
