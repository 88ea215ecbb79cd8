"""Sending e-mail by the SMTP server that the configuration names: for steps, and to try the configuration out."""
