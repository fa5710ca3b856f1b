"""Reading the chains: whether they are whole, and what stands in them."""

from entas.audit.queries.verifying import AuditReport, ChainReport, holds_anchor, verify

__all__ = ["AuditReport", "ChainReport", "holds_anchor", "verify"]
