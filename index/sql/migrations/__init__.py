"""How a store of any earlier version comes to be one of this version; a new store goes the same way from nothing."""
