"""People who sign in at an issuer outside (OpenID Connect)."""
