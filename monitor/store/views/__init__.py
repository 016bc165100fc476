<<<<<<< HEAD
"""What the pages and their commands read: a module for each, functions of a `Reader`."""
=======
"""What pages, exports and the API show: bounded, paged by keys, indexed; a module for each."""
>>>>>>> main
