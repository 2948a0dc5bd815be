"""Independent checkers: they import nothing of the engine and trust nothing it says."""

from matcher.verify.audit import Claim, Finding, PoolClaim, audit

__all__ = ["Claim", "Finding", "PoolClaim", "audit"]
