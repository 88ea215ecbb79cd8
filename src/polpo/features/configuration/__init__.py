"""The server's configuration in sections: each is one document, read and replaced as a whole."""
