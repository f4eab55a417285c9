"""What is kept about people is purged in time (rule 9). How long it is kept is in the settings KEEP_…."""

from .ended_sessions import purge_sessions
from .imports import delete_incoming_files
from .purge import purge_expired

__all__ = ["delete_incoming_files", "purge_expired", "purge_sessions"]
