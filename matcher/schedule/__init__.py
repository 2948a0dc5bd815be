"""The meeting timetable."""
