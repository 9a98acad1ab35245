"""The Engineering and Facilities Database (EFD) as code.

Layers, each of which may import only the ones before it:

``config``      what a site says, as frozen values; what every site shares
``artifacts``   files in their own language, delivered as they stand
``manifests``   pure functions from values to text and labels
``components``  Pulumi component resources, one noun each

``stacks`` beside this package composes the components; ``__main__.py`` runs it.
``tests/test_architecture.py`` enforces the rule.
"""
