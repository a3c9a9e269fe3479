"""Why a network does not learn: what can be proven, what is measured, what was tried; it changes no worksheet."""
