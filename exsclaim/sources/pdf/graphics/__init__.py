"""Graphics of a page: its objects, images and ink, in coordinates of the page as shown."""
