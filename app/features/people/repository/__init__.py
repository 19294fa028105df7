"""SQL of people, their sign-ins, links and failures."""
