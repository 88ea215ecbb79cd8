"""Rights: what a user may do, added up from the roles of the teams that the user belongs to."""
