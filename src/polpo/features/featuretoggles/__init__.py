"""Feature toggles of projects: switches of the software that is deployed, with what holds in which environment."""
