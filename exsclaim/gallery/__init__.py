"""The gallery: finding panels of a data set by words and facets, looking at them, and correcting them.

searches           a search as a value: conditions, words, order
prompts            "HAADF-STEM silver nanoparticles below 50 nm, CC BY" -> a search (prompt_vocabulary: its names)
panel_index        the index of a data set; found_panels: what a search finds in it
asking             run a prompt on an index: panels found, and remarks
served_dataset     a data set that pages read: its index, its figures, its pictures
selection          chosen panels, as a zip or as a query for more
application        the pages: reading (with JSON for programs), reviewing; protection guards them all
figure_view        a figure as its page shows it
"""
