"""Versions of releases and packages: parsing, comparing, ranges, masks, and the names of package files."""
