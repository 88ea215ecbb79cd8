"""Step templates: steps with parameters, saved to be used again; and the templates of the community, to be installed.

Every save is a version, and all versions are kept: a step stays at the version that it was made from until somebody
takes it to a newer one.
"""
