"""Settings of sites that take in one of the two apps alone. Each runs in a process of its own (`test_alone.py`)."""
