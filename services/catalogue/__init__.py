"""What is measured: definitions per scheme and year, peer groups, amounts, and a code for all that can be wrong."""
