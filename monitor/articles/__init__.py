"""The articles of feeds that carry only a line: read after their entries, and taken in as what those say."""
