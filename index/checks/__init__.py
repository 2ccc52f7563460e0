"""Accounting identities: which a document has, and which hold."""
