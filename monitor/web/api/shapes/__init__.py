"""What is answered: a model of each thing, and how it is made of what we know."""
