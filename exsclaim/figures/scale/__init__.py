"""Scale: bars measured on the image, their printed text as nm, and nm per pixel of a panel."""
