"""Channels: which versions of packages may go into a release, and which lifecycle the release then follows."""
