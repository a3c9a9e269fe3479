"""Finitely many equations and inequalities with unknowns: solved exactly, or shown to have no solution by a sum."""
