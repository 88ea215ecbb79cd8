"""The built-in package repository: uploads, versions, downloads."""
