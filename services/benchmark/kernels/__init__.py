"""Loops over ratios in order, and what packs them. Matrices are F figures x n columns, laid out row by row; a `View`'s are."""
