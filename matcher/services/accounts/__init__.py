"""Accounts: who may log in, what they log in with, and who a request comes from.

A request shows a session (a cookie) or a key (`callers`); a person gets a session by a password
(`login`) or from the identity provider (`oidc`), an administrator makes accounts (`managing`).
Secrets are random and long; of sessions and keys only a hash is kept.
"""
