"""The gallery: finding panels of a data set by words and facets, looking at them, and correcting them.

searches           a search as a value: conditions, words, order
prompts            "HAADF-STEM silver nanoparticles below 50 nm, CC BY" -> a search (prompt_vocabulary, prompt_numbers)
panel_index        the index of a data set; found_panels: what a search finds in it
application        the pages: reading_pages, reviewing, programs (JSON); protection guards them all
figure_view        a figure as its page shows it; thumbnails: pictures, made once
"""
