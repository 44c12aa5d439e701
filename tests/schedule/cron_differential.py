#!/usr/bin/env python3
"""Compares `jobhost cron next` with two others, on random expressions, zones and instants.

usage: cron_differential.py BUILD_FOLDER [--count N] [--seed N]

The first is cron_by_hand.py: no difference is allowed. The second is croniter, on what both languages
have. It is asked for readings of a wall clock that is never changed, since with a zone it is wrong for
weeks after a change (`5 * * * 1` in Berlin gives 01:05 instead of 00:05 on the Monday after the last
Sunday of October). So it differs where the clock is changed, and only there: `reason` has the rules.
"""

import argparse
import collections
import datetime as dt
import pathlib
import random
import subprocess
import sys
import zoneinfo

import croniter

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cron_by_hand import MONTHS, UTC, WEEKDAYS, ByHand  # noqa: E402

ZONES = """UTC Europe/Berlin America/New_York Europe/London Australia/Lord_Howe America/Santiago
Africa/Cairo Asia/Beirut America/Havana America/Sao_Paulo Pacific/Apia Asia/Kolkata America/St_Johns
Asia/Tehran Africa/Casablanca Pacific/Chatham Atlantic/Azores America/Caracas Asia/Pyongyang
Antarctica/Troll Europe/Dublin Asia/Gaza Pacific/Kwajalein America/Asuncion""".split()
HORIZON = dt.timedelta(days=4 * 366)
BEGIN, END = dt.datetime(1971, 1, 1, tzinfo=UTC), dt.datetime(2045, 1, 1, tzinfo=UTC)


def changes_of(zone):
    """The instants at which the clock of a zone is changed."""
    found, day = [], dt.timedelta(days=1)
    at = BEGIN
    while at < END:
        if at.astimezone(zone).utcoffset() != (at + day).astimezone(zone).utcoffset():
            low, high = at, at + day
            while high - low > dt.timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                same = middle.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        at += day
    return found


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, share):
        return self.random.random() < share

    def member(self, low, high, width, names=()):
        def value():
            picked = self.random.randint(low, high)
            return self.random.choice((str.upper, str.lower))(names[picked - (1 if low else 0)]) \
                if names and picked - low < len(names) and self.chance(0.4) else str(picked)
        kind = self.random.randrange(6)
        step = f"/{self.random.choice([1, 2, 3, 5, 7, 10, 15, width])}"
        if int(step[1:]) > width:
            step = "/2"
        return ["*", value(), "*" + step, value() + step, f"{value()}-{value()}",
                f"{value()}-{value()}{step}"][kind]

    def field(self, low, high, width, names=(), star=0.3):
        if self.chance(star):
            return "*"
        return ",".join(self.member(low, high, width, names) for _ in range(self.random.choice([1, 1, 1, 2, 3])))

    def month_day(self):
        kind = self.random.randrange(12)
        day = self.random.randint(1, 31)
        special = {0: "?", 1: "L", 2: f"L-{self.random.randint(0, 30)}", 3: "LW", 4: f"{day}W",
                   5: f"L-{self.random.randint(0, 30)}W", 6: f"L,{day}"}
        return special.get(kind) or self.field(1, 31, 31, star=0.5)

    def week_day(self):
        kind = self.random.randrange(12)
        day = self.random.choice([str(self.random.randint(0, 7)), self.random.choice(WEEKDAYS)])
        special = {0: "?", 1: f"{day}L", 2: f"{day}#{self.random.randint(1, 5)}",
                   3: f"{day}L,{self.random.randint(0, 6)}"}
        return special.get(kind) or self.field(0, 7, 7, WEEKDAYS, star=0.5)

    def expression(self):
        fields = [self.field(0, 59, 60), self.field(0, 23, 24), self.month_day(),
                  self.field(1, 12, 12, MONTHS, star=0.7), self.week_day()]
        if self.chance(0.4):
            fields.insert(0, self.field(0, 59, 60))
            if self.chance(0.3):
                first = self.random.randint(1970, 2040)
                fields.append(self.random.choice(
                    ["*", f"{first}/3", f"{first}-{first + 9}", f"{first},{first + 1}", "*/2"]))
        return " ".join(fields)

    def common_expression(self):
        """What croniter reads as we do, so no W and no wrap-around. Nor a range of all values: it takes
        `0-6` for `*`, while to us that restricts. Nor a day above 28: where a month lacks the day, it
        leaves out the first days of the next month."""
        def plain(low, high, star):
            if self.chance(star):
                return "*"
            first = self.random.randint(low, high)
            last = self.random.randint(first, high)
            full = (first, last) == (low, high)
            return self.random.choice([
                str(first), f"{low}-{high}/{self.random.choice([2, 3, 5])}",
                f"{first}-{last}" if first < last and not full else str(first),
                ",".join(sorted({str(first), str(last)}, key=int))])
        return " ".join([plain(0, 59, 0.3), plain(0, 23, 0.3), plain(1, 28, 0.6), plain(1, 12, 0.8),
                         plain(0, 6, 0.6)])

    def instant(self, changes):
        if changes and self.chance(0.6):
            at = self.random.choice(changes)
            return at + dt.timedelta(seconds=self.random.choice(
                [0, -1, 1, self.random.randint(-90000, 90000), self.random.randint(-7300, 7300)]))
        return BEGIN + dt.timedelta(seconds=self.random.randint(0, int((END - BEGIN).total_seconds())))


def ask(program, questions, both):
    lines = "".join(f"{expression}\t{zone}\t{at.isoformat()}\n" for expression, zone, at in questions)
    done = subprocess.run([program, "cron", "next", "--batch"] + (["--days", "both"] if both else []),
                          input=lines, capture_output=True, text=True, timeout=120, check=True)
    answers = done.stdout.splitlines()
    assert len(answers) == len(questions), f"{len(answers)} answers to {len(questions)} questions"
    return answers


def is_same(answer, expected, at):
    if answer.startswith("error"):
        return False
    if answer == "never":
        return expected is None
    said = dt.datetime.fromisoformat(answer)
    return said == expected if expected else said > at + HORIZON


def compare_by_hand(program, generator, changes, count, both):
    questions = []
    for _ in range(count):
        zone = generator.random.choice(ZONES)
        questions.append((generator.expression(), zone, generator.instant(changes[zone])))
    wrong = []
    for (expression, zone, at), answer in zip(questions, ask(program, questions, both)):
        expected = ByHand(expression, both).next(at, zoneinfo.ZoneInfo(zone), HORIZON)
        if not is_same(answer, expected, at):
            shown = expected.astimezone(zoneinfo.ZoneInfo(zone)).isoformat() if expected else "none"
            wrong.append(f"{expression!r} {zone} after {at.isoformat()}: {answer}, by hand {shown}")
    return wrong


def reason(theirs, ours, zone):
    """Why croniter says another reading of the wall clock than we do."""
    early, late = theirs.replace(tzinfo=zone, fold=0), theirs.replace(tzinfo=zone, fold=1)
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != theirs:
        return "the clock skips it: it is made up for at the change, or with * as the hour left out"
    if ours.fold == 1:
        return "the clock shows it twice: an interval expression goes on in the second pass"
    if early.utcoffset() != late.utcoffset():
        return "the clock shows it twice: a fixed time runs in the first pass alone"
    return None


def compare_croniter(program, generator, changes, count):
    questions = []
    for _ in range(count):
        zone = generator.random.choice(ZONES)
        questions.append((generator.common_expression(), zone, generator.instant(changes[zone])))
    wrong, reasons = [], collections.Counter()
    for (expression, name, at), answer in zip(questions, ask(program, questions, both=False)):
        zone = zoneinfo.ZoneInfo(name)
        wall = at.astimezone(zone).replace(tzinfo=None, fold=0)
        theirs = croniter.croniter(expression, wall).get_next(dt.datetime)
        if answer == "never" or answer.startswith("error"):
            wrong.append(f"{expression!r} {name} after {at.isoformat()}: {answer}, croniter {theirs}")
            continue
        ours = dt.datetime.fromisoformat(answer).astimezone(zone)
        if ours.replace(tzinfo=None, fold=0) != theirs:
            reasons[reason(theirs, ours, zone)] += 1
            if reason(theirs, ours, zone) is None:
                wrong.append(f"{expression!r} {name} after {at.isoformat()}: {answer}, croniter {theirs}")
    for why, times in reasons.most_common():
        print(f"{times} of {count} differ from croniter: {why}")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    program = options.build / "bin" / "jobhost"
    generator = Generator(options.seed)
    changes = {zone: changes_of(zoneinfo.ZoneInfo(zone)) for zone in ZONES}
    wrong = compare_by_hand(program, generator, changes, options.count * 3 // 4, both=False)
    wrong += compare_by_hand(program, generator, changes, options.count // 4, both=True)
    print(f"{len(wrong)} of {options.count} differ from what was worked out by hand")
    wrong += compare_croniter(program, generator, changes, options.count)
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
