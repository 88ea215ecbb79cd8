"""Outside issuers of tokens (OpenID Connect): what they publish, and whether they signed what somebody shows.

One way of proving tokens, for service accounts that exchange them and for people who sign in by a provider.
"""
