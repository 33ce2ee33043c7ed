"""Forms: one class per concept in fields.py, one file per noun. They read what people typed and know no database."""
