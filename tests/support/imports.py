"""Rows of an export, taken in as a command does it."""

from cpor_cases.intake.run import run_rows
from cpor_cases.models import ImportRun


def take(*rows: dict) -> ImportRun:
    return run_rows(enumerate(rows, start=2), source=ImportRun.Source.COMMAND)
