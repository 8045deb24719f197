"""What can be imported and exported, a file for the kinds of each slice: a new kind stands there and in ``registry``."""
