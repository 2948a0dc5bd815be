"""A firm calls: its need is taken down, and who can pay in time stands on one page.

It reads the live market only as far as one need goes: the products that the firm accepts, and
what goes with them.
"""
