"""Known SSH hosts: keys of SSH servers that the whole installation trusts, for machines without a fingerprint."""
