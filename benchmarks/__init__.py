"""How fast the project is, measured against named peers and physical limits in the same run: `make bench`."""
