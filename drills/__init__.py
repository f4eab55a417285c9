"""Tests that take minutes: what happens to the distribution outside this repository. `make drills` runs them."""
