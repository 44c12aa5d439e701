"""What a cron expression means, written out as plainly as possible and with nothing of the host's code.

The wall clock is Python's zoneinfo. An instant fires when its reading of the wall clock fits (the first
time it is shown, or each time for an interval expression), or when it is the first instant behind a gap
that swallowed a reading that fits. Whole days, hours and minutes in which the clock is not changed are
looked through at once, the others second by second.
"""

import calendar
import datetime as dt

UTC = dt.timezone.utc
SECOND = dt.timedelta(seconds=1)
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split()
SPANS = [86400, 3600, 60, 1]


def number(text, names, base):
    return names.index(text.upper()) + base if text.upper() in names else int(text)


def plain_values(member, low, high, names=(), base=0):
    """The values of one member: *, a, a-b, each with or without /step."""
    part, _, step = member.partition("/")
    step = int(step or 1)
    if part in "*?":
        first, last = low, high
    elif "-" in part:
        first, last = (number(word, names, base) for word in part.split("-"))
    else:
        first = number(part, names, base)
        last = high if "/" in member else first
    values, value, walked = set(), first, 0
    while True:
        if walked % step == 0:
            values.add(value)
        if value == last:
            return values
        value = low if value == high else value + 1
        walked += 1


def values(field, low, high, names=(), base=0):
    return set().union(*(plain_values(member, low, high, names, base) for member in field.split(",")))


def weekday_values(member):
    """Sunday is 0 and 7; behind a dash 7 is the Sunday after Saturday."""
    part, slash, step = member.partition("/")
    if "-" in part:
        first, last = (number(word, WEEKDAYS, 0) for word in part.split("-"))
        if first == 7:
            first, last = 0, last % 7
        if last == 7:
            return {value % 7 for value in range(first, 8, int(step or 1))}
        return plain_values(f"{first}-{last}{slash}{step}", 0, 6)
    if part == "7":
        part = "0"
    return plain_values(part + slash + step, 0, 6, WEEKDAYS)


def weekday(date):
    return date.isoweekday() % 7


def length(date):
    return calendar.monthrange(date.year, date.month)[1]


def nearest(year, month, day):
    """The day from Monday to Friday nearest to a day of the month, inside the month."""
    days = [d for d in range(1, calendar.monthrange(year, month)[1] + 1)
            if dt.date(year, month, d).isoweekday() <= 5]
    return min(days, key=lambda d: abs(d - day))


def is_month_day(member, date):
    text, last = member.upper(), length(date)
    if text.endswith("W"):
        target = text[:-1]
        day = last - int(target[2:] or 0) if target.startswith("L") else int(target)
        return 1 <= day <= last and date.day == nearest(date.year, date.month, day)
    if text.startswith("L"):
        return date.day == last - int(text[2:] or 0)
    return date.day in plain_values(member, 1, 31)


def is_weekday(member, date):
    text = member.upper()
    if "#" in text:
        day, _, nth = text.partition("#")
        return weekday(date) == number(day, WEEKDAYS, 0) % 7 and (date.day - 1) // 7 + 1 == int(nth)
    if text.endswith("L"):
        return weekday(date) == number(text[:-1], WEEKDAYS, 0) % 7 and date.day + 7 > length(date)
    return weekday(date) in weekday_values(text)


class ByHand:
    def __init__(self, expression, both=False):
        fields = expression.split()
        if len(fields) == 5:
            fields.insert(0, "0")
        if len(fields) == 6:
            fields.append("*")
        second, minute, hour, self.month_day, month, self.week_day, year = fields
        self.seconds = sorted(values(second, 0, 59))
        self.minutes = sorted(values(minute, 0, 59))
        self.hours = sorted(values(hour, 0, 23))
        self.months = values(month, 1, 12, MONTHS, 1)
        self.years = None if year in ("*", "*/1") else values(year, 1970, 2199)
        self.both = both
        self.every_hour = hour in ("*", "*/1")
        self.fixed = not set("*/-") & set(second + minute + hour)
        self.dates = {}

    def fits_date(self, date):
        if date not in self.dates:
            self.dates[date] = self.judge_date(date)
        return self.dates[date]

    def judge_date(self, date):
        if date.month not in self.months or (self.years is not None and date.year not in self.years):
            return False
        free = ("*", "?", "*/1")
        by_number = any(is_month_day(member, date) for member in self.month_day.split(","))
        by_name = any(is_weekday(member, date) for member in self.week_day.split(","))
        if self.month_day in free or self.week_day in free or self.both:
            return by_number and by_name
        return by_number or by_name

    def fits(self, wall):
        return (wall.second in self.seconds and wall.minute in self.minutes and wall.hour in self.hours
                and self.fits_date(wall.date()))

    def first_wall(self, begin, end):
        """The first reading from begin up to before end that fits."""
        date = begin.date()
        while dt.datetime.combine(date, dt.time()) < end:
            if self.fits_date(date):
                for hour in self.hours:
                    if dt.datetime.combine(date, dt.time(hour, 59, 59)) < begin:
                        continue
                    for minute in self.minutes:
                        if dt.datetime.combine(date, dt.time(hour, minute, 59)) < begin:
                            continue
                        for second in self.seconds:
                            wall = dt.datetime.combine(date, dt.time(hour, minute, second))
                            if wall >= end:
                                return None
                            if wall >= begin:
                                return wall
            date += dt.timedelta(days=1)
        return None

    def fires(self, instant, zone):
        local = instant.astimezone(zone)
        wall = local.replace(tzinfo=None, fold=0)
        if self.fits(wall) and (local.fold == 0 or not self.fixed):
            return True
        before = (instant - SECOND).astimezone(zone).utcoffset()
        gap = local.utcoffset() - before
        return (gap > dt.timedelta(0) and not self.every_hour
                and self.first_wall(wall - gap, wall) is not None)

    def search(self, begin, level, zone):
        """The first instant that fires in the span of this level from begin on."""
        if SPANS[level] == 1:
            return begin if self.fires(begin, zone) else None
        span = dt.timedelta(seconds=SPANS[level])
        end = begin + span
        first, last = begin.astimezone(zone), (end - SECOND).astimezone(zone)
        before = (begin - SECOND).astimezone(zone)
        if first.utcoffset() == last.utcoffset() == before.utcoffset() and first.fold == last.fold:
            if first.fold == 1 and self.fixed:
                return None
            wall = first.replace(tzinfo=None, fold=0)
            found = self.first_wall(wall, wall + span)
            return found and begin + (found - wall)
        step = dt.timedelta(seconds=SPANS[level + 1])
        while begin < end:
            found = self.search(begin, level + 1, zone)
            if found:
                return found
            begin += step
        return None

    def next(self, after, zone, horizon):
        """The first whole second later than after; None when there is none within the horizon."""
        begin = after.replace(microsecond=0) + SECOND
        while begin < after + horizon:
            found = self.search(begin, 0, zone)
            if found:
                return found
            begin += dt.timedelta(days=1)
        return None
