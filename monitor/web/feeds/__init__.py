"""What the pages of feeds show, put together: their health, what they cover, a look at one that is new."""
