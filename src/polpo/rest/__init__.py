"""The Octopus REST dialect: routing, binding, paging, links, errors, and who may call. Knows no feature."""
