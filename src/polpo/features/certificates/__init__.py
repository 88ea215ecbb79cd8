"""Certificates: X.509 certificates with their chains and private keys, for variables and targets."""
