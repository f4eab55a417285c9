"""The settings of a service on one machine, with passwords hashed in a thousandth of the time: the same algorithm."""

from cpor_site.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["tests.support.quick_hasher.QuickHasher"]
