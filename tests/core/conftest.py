from tests.support.public_site import version

__all__ = ["version"]
