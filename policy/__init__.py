"""What holds for every object of every site, as plain functions over plain data.

`rules` are asked by a policy pack, which the Pulumi engine runs before it applies anything; by
tests over every site; and by `python -m policy`, together with scanners that others wrote.
"""
