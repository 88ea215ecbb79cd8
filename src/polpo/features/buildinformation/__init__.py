"""Build information: what a build server tells about a version of a package: where it was built, from which commits.

It is kept by package and version, whether the package is here or not, and releases that choose the version show it.
"""
