"""`noegletal`, the command line: a client of the services."""
