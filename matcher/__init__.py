"""Yinqi (银企): needs for money matched with those who can give it."""

__version__ = "0.1.0"
