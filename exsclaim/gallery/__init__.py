"""The gallery: finding panels of a data set by words and facets, looking at them, and correcting them.

searches        a search as a value: conditions, words, order
prompts         "HAADF-STEM silver nanoparticles below 50 nm, CC BY" -> a search
panel_index     the index of a data set, and what a search finds in it
"""
