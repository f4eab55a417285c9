"""Addresses of the public pages that are not pages of the tree."""

urlpatterns = []

# Read by machines, in no language.
machine_patterns = []
