"""People: invited, signed in and out, their passwords and second factors."""
