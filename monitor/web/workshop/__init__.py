"""Work that a page asks for and that may take long, or never end by itself: done in processes of its own, which can be
ended, and which give way to everything else of this machine."""
