"""What holds for pages, tests and doctests alike: the caches of whoever runs them stay as they are.

This file is read before any of them is imported, and so before Keras is.
"""

from tf2docs.pages.running.own_caches import use_own_caches

use_own_caches()
