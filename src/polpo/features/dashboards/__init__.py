"""What is deployed where: the dashboard of a space, the progression of a project and of a release."""
