"""Teams: who belongs together, and the user roles that their members hold, server-wide or within a space."""
