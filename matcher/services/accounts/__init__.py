"""Accounts: who may log in, what they log in with, and who a request comes from."""
