"""Show pages on the site: what MkDocs, Python-Markdown and mkdocstrings call.

Needs neither pytest nor TensorFlow.
"""
