"""What the pages and their commands read: a module for each, functions of a `Reader`."""
