// What a page does without being asked for anew.
