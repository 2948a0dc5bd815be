"""Events over the store: the register, timetables made by runs, guests, and the day itself."""
