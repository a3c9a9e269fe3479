"""From a problem file to a blank worksheet; knows no derivatives."""
