"""Mistakes that people make in backpropagation, each as one changed step of a worksheet."""
