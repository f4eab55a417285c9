"""The handbook for clerks and court managers, a page of the office."""
