"""The languages of the contract, pure and usable on their own: substitution, versions, scopes of variables."""
