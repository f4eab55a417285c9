from tests.support.public_site import public_site, starter_content, version

__all__ = ["public_site", "starter_content", "version"]
