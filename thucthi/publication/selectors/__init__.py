"""Reading what may be published."""

from thucthi.publication.selectors.issue import public_issue

__all__ = ["public_issue"]
