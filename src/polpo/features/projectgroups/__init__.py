"""Project groups: headings under which a space shows its projects."""
