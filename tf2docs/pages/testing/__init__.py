"""Make pytest's items of the pages: its plugin, its collection, its reports."""
