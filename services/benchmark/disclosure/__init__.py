"""What may be told of protected figures, and when: rules D0 to D13, pure. Protection counts holders, never units."""

RULES = "disclosure-1"  # a change that can change a decision gets the next one
