"""The map: what happened where, drawn on the server as one SVG."""
