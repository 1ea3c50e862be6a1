"""Loops over ratios in order, and over what is said of them. Matrices are F figures x n columns, laid out row by row; a `View`'s are."""
