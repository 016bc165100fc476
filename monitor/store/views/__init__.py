"""What the pages, the API and exports read: a module for each."""
