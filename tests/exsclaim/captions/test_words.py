"""Techniques in canonical names, and keywords."""

import pytest

from exsclaim.captions import split


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("TEM image", ("TEM",)),
        ("High-resolution transmission electron microscopy (HR-TEM) images", ("HRTEM",)),
        ("High-angle annular dark-field scanning transmission electron microscopy (STEM) image", ("HAADF-STEM",)),
        ("HAADF-STEM image and EDX maps", ("HAADF-STEM", "EDS")),
        ("Scanning electron microscopy image", ("SEM",)),
        ("selected area electron diffraction pattern", ("SAED",)),
        ("photograph of the reactor", ("photo",)),
        ("scanning transmission electron microscopy (HAADF-STEM) image", ("HAADF-STEM",)),
        ("annular bright-field (ABF)–STEM image", ("BF-STEM",)),
        ("XRD pattern", ("XRD", "plot")),
        ("powder X-ray diffraction patterns of rice bran", ("XRD", "plot")),
        ("XRD patterns of the films beside the diffraction pattern of the pure phase", ("XRD", "plot")),
        ("TEM image and diffraction pattern", ("TEM", "SAED")),
        ("dark-field micrograph", ("optical",)),
        ("dark-field micrograph in the TEM", ("TEM",)),
        ("KAM diagrams of the zones", ("EBSD",)),
        ("EDS mapping", ("EDS",)),
        ("energy-dispersive X-ray spectra", ("EDS", "plot")),
        ("electrical conductivity", ("plot",)),
        ("DFT-calculated band structure", ("DFT", "plot")),
        ("H&E-stained section", ("optical",)),
        ("yield as mean ± SEM", ("plot",)),
        ("Rates (SEM shaded) of the cells", ("plot",)),
        ("Spikes of one cell; bars indicate SEM", ()),
        ("Spikes of the cells, SEM, n = 4", ()),
        ("Spikes; SEM over trials", ()),
        ("Spikes; values are the SEM of three mice", ()),
        ("Spikes; SEM, standard error", ("plot",)),
        ("Spikes of one cell (+/- SEM)", ()),
        ("Shells with scale bars, SEM", ("SEM",)),
        ("SEM image of the shells (n = 4)", ("SEM",)),
        ("we seem to stem from", ()),
        ("Schematic of the SERS set-up", ("schematic",)),
        ("Schematic and SEM image", ("SEM", "schematic")),
        ("Quantification of fluorescence", ("plot",)),
        ("Fluorescence image and quantification", ("fluorescence", "plot")),
        ("Number of cells in TEM images", ("plot",)),
        ("HRTEM image (bright field)", ("HRTEM",)),
        ("bright-field image", ("optical",)),
        # whose a diffraction pattern is, reference cards and angles tell; they say nothing of crystals and elements
        ("Diffraction patterns (Cu Kα) of the powders", ("XRD", "plot")),
        ("Intensity versus 2θ for the oxides, JCPDS 36-1451 below", ("XRD", "plot")),
        ("SAED pattern, indexed to JCPDS 36-1451", ("SAED",)),
        ("Crystal structure (ICSD 1234)", ("schematic",)),
        ("Cu Kα map by EDS", ("EDS",)),
        ("Diffractograms of the steels", ("XRD", "plot")),
        ("Electron diffractogram", ("SAED",)),
        ("Williamson–Hall plot", ("XRD", "plot")),
        ("LEED pattern of the clean surface", ("LEED",)),
        ("RHEED pattern along [110]", ("RHEED",)),
        ("RHEED oscillations", ("plot",)),
        ("ARPES map along Γ–K", ("ARPES",)),
        ("Confocal laser scanning microscopy of the biofilm", ("fluorescence",)),
        ("Scanning microscopy of the biofilm", ("SEM",)),
        ("Fluorescein angiography", ("photo",)),
        ("Coronary angiography", ("radiograph",)),
        ("Grain boundary map", ("EBSD",)),
        ("Grain boundaries", ()),
        ("Nyquist diagrams", ("EIS", "plot")),
        ("β-Galactosidase staining", ("optical",)),
        ("k3-weighted signal of Co", ("XAS", "plot")),
        ("T2-weighted image", ("MRI",)),
        ("Oxygen 1s spectra", ("XPS", "plot")),
        ("Reciprocal space volume of the film", ("XRD", "plot")),
        ("HK plane of the reciprocal space", ()),
        ("Microphoto of the steel", ("optical",)),
        # spectra of reflectance are of soils and far infrared, too
        ("Reflectance spectra of the leaves", ("plot",)),
        ("UV–vis diffuse reflectance spectra", ("UV-Vis", "plot")),
        ("Se 3d of the cathode", ("XPS", "plot")),
        ("Fe 3d orbitals", ()),
        # diagrams with axes are no drawings
        ("Pourbaix diagram of nickel", ("plot",)),
        ("Bar diagram of the yields", ("plot",)),
        ("Block diagram of the system", ("schematic",)),
        # a drawing of an instrument, and a count of what one found, are not what the instrument makes
        ("Schematic of the in situ XRD cell", ("schematic",)),
        ("Schematic of the cell and XRD patterns", ("XRD", "schematic", "plot")),
        ("Schematic, SEM and TEM of the device", ("TEM", "SEM", "schematic")),
        ("Set-up for in situ XRD", ("schematic",)),
        ("Layout of the Raman microscope", ("schematic",)),
        ("Set-up and SEM image of the tip", ("SEM",)),
        ("Principle of the microscope", ("schematic",)),
        ("Heat map of proteins found by mass spectrometry", ("plot",)),
        ("Mass spectrometry of the proteins", ("MS", "plot")),
        ("Number of DFT calls", ("plot",)),
        ("DFT-calculated band gap", ("DFT",)),
        ("Immunostaining; the outlined region was used for quantification", ("fluorescence",)),
        ("ROC-CV curve", ("plot",)),
        ("CV curve", ("CV", "plot")),
        ("TEM image of PL-PEG coated rods", ("TEM",)),
        ("STM image, the unit cell outlined,", ("STM",)),
        ("Image of the test rig", ()),
        ("Image of the current collector", ()),
        ("TEM snapshots at 30 s", ("TEM",)),
        ("Snapshots of the molecules", ("schematic",)),
        ("SEM images of films as a function of pressure", ("SEM",)),
        ("Resistance of films as a function of pressure", ("plot",)),
        ("Drawing of the XPS chamber", ("schematic",)),
        ("XPS of the chamber wall", ("XPS", "plot")),
        ("fields of confocal ellipsoids", ()),
        ("confocal image of cells", ("fluorescence",)),
        ("Spikes; dots, replicates; lines, SEM", ()),
        ("SEM of three samples", ("SEM",)),
        ("SEM of lines", ("SEM",)),
        ("confocal Raman map", ("Raman",)),
        ("Overlay of trajectories at a concentration of 1 mM", ()),
        ("Height maps at two temperatures", ()),
        ("Concentration of rods in images", ("plot",)),
        ("Image-based count", ("plot",)),
        ("Image of the expression by flow cytometry", ("plot",)),
        ("Crystal structure", ("schematic",)),
        # numbers, whatever they were measured by
        ("Caspases that the lysates of the treated cells hold, by ELISA", ("plot",)),
        ("Volumes of the brain measured using cranial ultrasound images", ("plot",)),
        ("Ultrasound images used to measure the brain", ("ultrasound",)),
        # names that begin as a technique's short form
        ("Binding activity of CV-N", ("plot",)),
        ("Photo-resist lines", ()),
        ("Fe2p spectra", ("XPS", "plot")),
        ("Scheme and set-up of GIXD", ("schematic",)),
        ("2D GIXD patterns", ("XRD",)),
        ("EFM image", ("AFM",)),
        ("Force–distance curve", ("AFM", "plot")),
        ("EBSD geometry, the sample inclined", ("schematic",)),
        ("CCT diagram", ("plot",)),
        ("Biofilms quantified by crystal violet staining", ("plot",)),
        ("Biofilms; crystal violet staining", ("photo",)),
        ("HRTEM images with patterns used to analyze the crystal structure", ("HRTEM",)),
    ],
)
def test_techniques_have_one_name_each(said: str, names: tuple[str, ...]) -> None:
    assert split(f"(a) Scheme of the rod. (b) {said} of it.").techniques.get("b", ()) == names


def test_a_label_that_names_no_technique_has_that_of_the_figure() -> None:
    parts = split("SEM images of films. (a) As cast. (b) Annealed, TEM image.")

    assert parts.techniques == {"a": ("SEM",), "b": ("TEM",)}


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("core-shell nanoparticle", "Core–shell nano-particles"),
        ("nanoparticles", "one nanoparticle"),
        ("grain boundary", "grain boundaries"),
        ("TiO2", "TiO₂ powder"),
        ("α-Fe2O3", "alpha-Fe2O3 films"),
        ("Raman spectrum", "RAMAN SPECTRA"),
        ("Moire", "moiré fringes"),
    ],
)
def test_a_term_is_found_in_any_spelling(term: str, said: str) -> None:
    assert split(f"Image of {said} here.", (term,)).keywords[""][0] == term


@pytest.mark.parametrize(
    ("term", "said"), [("gold", "marigold"), ("anode", "an ode"), ("rod", "nanorod"), ("Ag", "agar")]
)
def test_a_term_is_found_on_word_boundaries_alone(term: str, said: str) -> None:
    assert term not in split(f"Image of {said} here.", (term,)).keywords.get("", ())


def test_keywords_are_the_querys_terms_and_the_materials() -> None:
    parts = split(
        "(a) Silver nanoparticles on TiO2. (b) Core–shell rods.", ("silver nanoparticle", "core-shell rod", "gold")
    )

    assert parts.keywords["a"] == ("silver nanoparticle", "silver", "nanoparticle", "TiO2")
    assert parts.keywords["b"][0] == "core-shell rod"


_PANELS = [
    # a bright field beside electrons, and beside light
    ("(a) Bright field image of the film. (b) SAED pattern.", {"a": ("TEM",), "b": ("SAED",)}),
    ("(a) Bright field image of the leaf. (b) Confocal image.", {"a": ("optical",), "b": ("fluorescence",)}),
    # short forms that mean another thing, or the technique
    ("(a) Panicle length (PL) of rice. (b) PL of wheat.", {}),
    ("(a) Photoluminescence (PL) of rice. (b) PL of wheat.", {"a": ("PL", "plot"), "b": ("PL", "plot")}),
    (
        "(a) X-ray absorption measured in total fluorescence yield mode. (b) Fluorescence.",
        {"a": ("plot",), "b": ("fluorescence",)},
    ),
    # what another figure shows
    ("(a) Stripes. In contrast, SEM images of the film (Fig. 3) have dots. (b) SEM image.", {"b": ("SEM",)}),
    # drawings of atoms, and quantities of them
    ("Optimized structures of the surface: (a) side; (b) top.", {"a": ("schematic",), "b": ("schematic",)}),
    ("Energies of the surface: (a) side; (b) top.", {"a": ("plot",), "b": ("plot",)}),
    # a title in quantities is of names, and of no pictures
    ("Yields of plants. (a) Rice in dry soil. (b) Wheat.", {"a": ("plot",), "b": ("plot",)}),
    (
        "Expression of genes. (a) Phenotypes of the plants. (b) Yield of the plants.",
        {"a": ("photo",), "b": ("plot",)},
    ),
    # a drawing tells its steps in quantities, too
    ("Schematic of one step. (a) It is based on adsorption. (b) Film.", {"a": ("schematic",), "b": ("schematic",)}),
    ("Schematic and performance. (a) Layers of the cell. (b) Efficiency.", {"a": ("schematic",), "b": ("plot",)}),
    ("(a) Film found by light of one colour versus its age. (b) SEM image.", {"a": ("plot",), "b": ("SEM",)}),
    # beside X-rays a diffraction pattern is of them, beside electrons of those
    (
        "(a) XRD pattern of the powder. (b) Diffraction pattern of the film.",
        {"a": ("XRD", "plot"), "b": ("XRD", "plot")},
    ),
    (
        "XRD and TEM of films. (a) TEM image. (b) Diffraction pattern.",
        {"a": ("TEM",), "b": ("SAED",)},
    ),
    # a closer view of a curve is a curve, one of a picture beside a plot the picture
    ("(a) Curves of films. (b) Magnified view of (a).", {"a": ("plot",), "b": ("plot",)}),
    ("(a) SEM image and histogram. (b) Magnified view of (a).", {"a": ("SEM", "plot"), "b": ("SEM",)}),
    # a title of curves says what curves of quantities are, and no picture
    (
        "XRD patterns of films. (a) Temperature of 200 °C. (b) Photograph of the films.",
        {"a": ("XRD", "plot"), "b": ("photo",)},
    ),
    ("XRD study of films. (a) Temperature of 200 °C. (b) SEM image.", {"a": ("plot",), "b": ("SEM",)}),
    # what is the same as another panel's
    (
        "(A) SEM image of the tip. (B) Same as A, turned. (C) Photo of the same.",
        {"A": ("SEM",), "B": ("SEM",), "C": ("photo",)},
    ),
    # which of a stem's pictures a part says that it is
    ("HAADF-STEM images and EDX maps: (a) HAADF; (b) tin.", {"a": ("HAADF-STEM",), "b": ("HAADF-STEM", "EDS")}),
    ("(a) GUS staining of the root. (b) Subcellular localization.", {"a": ("optical",), "b": ("fluorescence",)}),
]


@pytest.mark.parametrize(("caption", "expected"), _PANELS)
def test_panels_have_the_techniques_that_they_are_made_by(caption: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert split(caption).techniques == expected
