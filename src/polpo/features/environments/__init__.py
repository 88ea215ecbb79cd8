"""Environments: the stages that releases are promoted through, such as Development, Test and Production."""
