"""The backup layer: copies of what a site holds, and what is done with them."""
