"""What a receiver of our mail sees of its sender, in the DNS and at the relay: for `manage.py check_sender`."""
