"""Whether a form is positive, or not negative, for every size: a method a module; none of them tries numbers."""
