"""Independent checkers: they import nothing of the engine and trust nothing it says."""

from matcher.verify.audit import audit
from matcher.verify.claim import Claim, Finding, PoolClaim

__all__ = ["Claim", "Finding", "PoolClaim", "audit"]
