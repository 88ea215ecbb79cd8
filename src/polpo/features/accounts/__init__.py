"""Accounts: named credentials that targets, steps and variables use, with secrets that are never read back."""
