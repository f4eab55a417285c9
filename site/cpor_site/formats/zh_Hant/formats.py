"""Figures as they are written in Taiwan: in threes, with commas, where a page asks for it. The rest is Django's."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
