"""The bucket in which the state of every stack is kept."""
