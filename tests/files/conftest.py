"""What the tests of files share."""

from tests.files.stores import memory, s3, s3_port

__all__ = ["memory", "s3", "s3_port"]
