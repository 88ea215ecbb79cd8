"""What the server says about itself: the root documents with their links, status, and its agent certificate."""
