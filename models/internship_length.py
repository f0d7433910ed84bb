# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Length of an internship: pure functions over plain values, no ORM."""

from datetime import timedelta

#: Days of the week worked (Monday is 0), by number of days of presence per week.
_WEEKS = {6: range(6), 7: range(7)}
_OFFICE_WEEK = range(5)


def presence_ratio(start, end, days_per_week, absences, holidays):
    """Return the presence between two dates, in weeks of work.

    :param start, end: first and last day, both included
    :param days_per_week: days of presence per week, 1 to 7; up to 5 they fall
        from Monday to Friday, spread evenly
    :param absences: (first, last) pairs of interruptions, both included
    :param holidays: days off, empty when the student works them
    """
    week = _WEEKS.get(days_per_week, _OFFICE_WEEK)
    present = 0
    for offset in range((end - start).days + 1):
        day = start + timedelta(days=offset)
        if day.weekday() not in week or day in holidays:
            continue
        if any(first <= day <= last for first, last in absences):
            continue
        present += 1
    return present / len(week)


def legal_days(hours, hours_per_day):
    """Return the whole days that hours of presence make (D124-6)."""
    return int(round(hours, 2) // hours_per_day)


def legal_months(days, days_per_month):
    """Return the months that days of presence make, to the hundredth (D124-6)."""
    return round(days / days_per_month, 2)
