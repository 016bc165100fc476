"""What pages, exports and the API show: bounded, paged by keys, indexed; a module for each."""
