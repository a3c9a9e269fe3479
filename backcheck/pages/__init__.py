"""An activation or a loss by its name → what is true of it, derived and proven by SymPy."""
