"""Limits: an expression as terms that grow or shrink at different rates, while a number t runs to infinity."""
