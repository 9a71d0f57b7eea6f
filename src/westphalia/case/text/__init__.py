"""The text of a case file: from bytes to a tree with places, and from a change back to the text."""
