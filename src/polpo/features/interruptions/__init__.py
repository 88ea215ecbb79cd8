"""Interruptions: questions that a running task asks a person, such as whether to go on."""
