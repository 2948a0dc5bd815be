"""What goes over the wire, as pydantic models: ``…Create`` comes in, ``…Public`` goes out."""
