"""Configuration files with values of variables put into their structure: JSON, YAML, XML, Java properties."""

from __future__ import annotations
