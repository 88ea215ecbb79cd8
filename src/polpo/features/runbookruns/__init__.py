"""Runs of runbooks: planned and walked as deployments are, without a release, a lifecycle or a place in their queue."""
