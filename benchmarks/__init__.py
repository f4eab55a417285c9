"""How fast the house is, measured against a named peer and a physical limit in the same run: `make bench`."""
