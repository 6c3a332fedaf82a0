"""Pictures that captions do not name, told by what they speak of; and where the same words tell nothing."""

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from exsclaim.captions import split
from exsclaim.captions.terms.depictions import depicted, kinds
from exsclaim.captions.word_forms import lexicon


@pytest.mark.parametrize(
    ("said", "techniques"),
    [
        # maps of places, and none of quantities
        ("Geological map of the basin", ("map",)),
        ("Study area and stations", ("map",)),
        ("Location of the sampling sites", ("map",)),
        ("Map of Iceland", ("map",)),
        ("Map of Young's modulus", ()),
        ("Colour map of currents", ("plot",)),
        ("Area of the grains", ()),
        ("Genetic maps of the Sr9 region of chromosome 2BL", ()),
        ("Distribution map of genes on chromosomes", ()),
        # drawings
        ("Setup for bending", ("schematic",)),
        ("Geometry of the sample", ("schematic",)),
        ("Top and side views of the slab", ("schematic",)),
        ("Reporter constructs", ("schematic",)),
        ("Active site, its residues shown as sticks", ("schematic",)),
        ("Sticks and stones", ()),
        ("Chain with its ligand; dashed lines indicate hydrogen bonds", ("schematic",)),
        ("Possible water dissociation reactions", ("schematic",)),
        ("Unit cell", ("schematic",)),
        ("Lab reference frame", ("schematic",)),
        ("Density of the gas; the coordinate system is galactic", ("plot",)),
        ("Electron transfer pathway in graphene", ("schematic",)),
        ("Proposed role of the kinase in growth", ("schematic",)),
        ("Equivalent circuit", ("schematic",)),
        ("Overview of the process", ("schematic",)),
        ("Overview of one lamella", ()),
        ("Structure of L-valine", ("schematic",)),
        ("Structure of annealed films", ()),
        ("Pulse sequence of 2D correlation", ("schematic",)),
        ("Curves of two pulse sequences", ("plot",)),
        ("Protein secondary structure identification", ()),
        ("Density for three geometries", ("plot",)),
        ("Refractive index of the films", ("plot",)),
        ("Deposits under p-polarization", ()),
        ("Dots in a photo-resin", ()),
        ("NAP-XPS measurements", ("XPS", "plot")),
        # photographs
        ("Dorsal view of the holotype", ("photo",)),
        ("Macroscopic appearance of wounds", ("photo",)),
        ("Phenotypes of the plants", ("photo",)),
        ("Shells, scale bar = 2 cm", ("photo",)),
        ("Shells 2 cm long", ()),
        ("Aerial views of the site", ("photo",)),
        ("Selected video frames", ("photo",)),
        ("Image of the backside of a flexible chip", ("photo",)),
        ("Image of cells of the chip's owner", ()),
        ("Height of the plants", ("plot",)),
        ("Controller state and overall noise of the signals over time", ("plot",)),
        ("Raw waveforms", ("plot",)),
        ("Exponential growth of ten samples", ("plot",)),
        ("Inhibition of mould growth by oils", ("plot",)),
        ("Percent detachment of films", ("plot",)),
        ("Tree with percent bootstrap values", ()),
        ("Typical values for drops", ("plot",)),
        ("Tree with support values for branches", ()),
        ("Cyclic behaviour at 0.2 A g⁻¹", ("plot",)),
        ("Growth of rosettes (Wilcoxon test)", ("plot",)),
        ("Cells that were transfected; data are shown as light units", ("plot",)),
        ("Brittleness of leaves and culms", ()),
        ("View of one grain", ()),
        # micrographs
        ("Photomicrograph of gneiss", ("optical",)),
        ("Liver of a duck, original magnification ×40", ("optical",)),
        ("Electron micrographs of synapses", ("TEM",)),
        ("Scanning electron micrographs of rods", ("SEM",)),
        ("Immunogold labelling of gold", ("TEM",)),
        ("Localization of KLP-16::YFP", ("fluorescence",)),
        ("Spleens stained with an anti-Gas6 antibody", ("fluorescence",)),
        ("Cells treated with an anti-Gas6 antibody", ()),
        ("Band contrast image", ("EBSD",)),
        ("Overview of one modulator under the microscope", ("optical",)),
        # pictures of patients
        ("Axial T2-weighted MRI", ("MRI",)),
        ("Chest X-ray", ("radiograph",)),
        ("PET/CT scan", ("PET",)),
        ("Number of lesions in MRI", ("plot",)),
        ("Optical coherence tomography", ("OCT",)),
        # what is shown stands behind what says so; where something is done, nothing is shown
        ("This figure shows the geometry of the device", ("schematic",)),
        ("Left: SEM image", ("SEM",)),
        ("Example of the pulse sequence", ("schematic",)),
        ("Example of one grain", ()),
        ("Blue and red bars represent two treatments", ("plot",)),
        ("Two grains; black bars represent 5 µm", ()),
        ("Shown above are distributions of speed in all of the tanks", ("plot",)),
        ("I collected maps of the study area", ()),
        ("To assess the influence of traits", ()),
        # jargon
        ("Height images", ("AFM",)),
        ("Height of the grains", ("plot",)),
        ("Lattice fringes of 0.25 nm", ("HRTEM",)),
        ("Liver at 40 × magnification", ("optical",)),
        ("Shell at 5000 × magnification", ()),
        ("Shell, magnification ×5000", ()),
        ("Ewald sphere and lattice", ("schematic",)),
        ("Scattering geometries that are used here", ("schematic",)),
        ("Cross-sectional view of the patented design", ("schematic",)),
        ("Cross-sectional view of one grain", ()),
        ("Tetrahedral mesh of the blade", ("schematic",)),
        ("Two views of the slab", ("schematic",)),
        ("Two views of the village", ()),
        ("Distribuciones de la energía", ("plot",)),
        # curves
        ("Grains whose size is determined by kinetics", ()),
        ("Kinetics", ("plot",)),
        ("Receiver operating characteristic", ("plot",)),
        ("Frequencies (dots) and models (lines)", ("plot",)),
        ("Residuals of the model", ("plot",)),
        ("Band structure of the slab", ("plot",)),
        ("Structure of the slab", ("schematic",)),
        ("Magnetoresistance at 2 K", ("plot",)),
        ("Measured transmission of the ring", ("plot",)),
        ("Transmission line", ()),
        ("Lattice parameters of the oxides", ("plot",)),
        ("Slabs with lattice parameters a and c", ()),
        ("Brillouin zone", ("schematic",)),
        ("Finite element model of the blade", ("schematic",)),
        ("OM image of the weld", ("optical",)),
        ("AFM phase image", ("AFM",)),
        ("AFM phase of the spins", ()),
        ("X-ray CT of the electrode", ("X-ray tomography",)),
        # what a sample went through, and where else something was made
        ("TEM image of the catalyst after the CV test", ("TEM",)),
        ("Voltammograms (CV) after cycling", ("CV", "plot")),
        ("Photograph of the cell for in situ XRD", ("photo",)),
        ("TEM image with an SAED pattern", ("TEM", "SAED")),
        ("Optical image of the region where the EBSD map was taken", ("optical",)),
        ("EDS spectrum of the point marked in the SEM image", ("EDS", "plot")),
        ("SEM image of rods marked with circles; XRD in the inset", ("SEM", "XRD", "plot")),
        ("Edges after conditioning (10 CVs)", ()),
        # quantities that are measured by light are plotted
        ("Mean normalized fluorescence", ("plot",)),
        ("Fluorescence intensity", ("plot",)),
        ("Fluorescence intensity image", ("fluorescence",)),
        ("Comparison of the number of cells in TEM images", ("plot",)),
        ("Comparison of TEM images", ("TEM",)),
        # what is only spoken of
        ("Rods after one hour; the measured workflow starts from another scheme than the layout", ()),
        ("Workflow", ("schematic",)),
        ("Distribution of the unit cell's volume", ("plot",)),
        ("Photo-activated cells", ()),
        ("Near-infrared light on cells", ()),
        ("2DXRD stereographic pole figure", ("XRD", "plot")),
    ],
)
def test_a_panel_shows_what_its_words_speak_of(said: str, techniques: tuple[str, ...]) -> None:
    assert split(f"(a) SEM image. (b) {said}. (c) Raman map.").techniques.get("b", ()) == techniques


@pytest.mark.parametrize(
    ("caption", "techniques"),
    [
        # what has a scale bar is no plot
        ("(a) Distribution of marker. Scale bar, 5 µm. (b) Distribution of sizes.", {"b": ("plot",)}),
        ("(a) Distribution of TOM::YFP. Scale bar, 5 µm. (b) SEM.", {"a": ("fluorescence",), "b": ("SEM",)}),
        # unless it is counted, and the bar is another panel's
        ("(a) SEM. (b) Relative expression in roots. Scale bar, 5 µm.", {"a": ("SEM",), "b": ("plot",)}),
        ("(a) SEM. (b) Chromosome behaviours and activity. Scale bar, 5 µm.", {"a": ("SEM",)}),
        # a drawing beside pictures, and pictures that are seen from above
        ("SEM study of rods. (a) Setup for the test. (b) Rods.", {"a": ("schematic",), "b": ("SEM",)}),
        ("SEM images of rods. (a) Top view of the rods. (b) Side view.", {"a": ("SEM",), "b": ("SEM",)}),
        # a title's drawings have quantities, too
        (
            "Diagrams of the model. (a) The energy rises. (b) Red lines are minima.",
            {"a": ("schematic",), "b": ("schematic",)},
        ),
        ("Phase diagrams of steel. (a) The energy rises. (b) Iron.", {"a": ("plot",), "b": ("plot",)}),
        # the light of a title's pictures, unless a panel is none of them
        (
            "Films, original magnification ×40. (a) Dark clumps. (b) Number of clumps.",
            {"a": ("optical",), "b": ("plot",)},
        ),
        # beside orientations phases are told by diffraction, too
        ("(a) IPF map. (b) Phase map. (c) Grain sizes.", {"a": ("EBSD",), "b": ("EBSD",)}),
        ("(a) AFM. (b) Phase map.", {"a": ("AFM",)}),
        # a panel that is what another one is, told of something else
        ("(a) XRD patterns of steel. (b) Same as (a) but for iron.", {"a": ("XRD", "plot"), "b": ("XRD", "plot")}),
        ("(a) XRD patterns of steel. (b) Same as a, but for iron.", {"a": ("XRD", "plot"), "b": ("XRD", "plot")}),
        ("(a) XRD. (b) SEM. (c) As in (a), for iron.", {"a": ("XRD", "plot"), "b": ("SEM",), "c": ("XRD", "plot")}),
        ("(a) SEM. (b) Hardness of rods as in (a). (c) As-made rods.", {"a": ("SEM",), "b": ("plot",)}),
        ("(A) θ–2θ scans of rods. (B) is plotted on the log scale.", {"A": ("XRD", "plot"), "B": ("XRD", "plot")}),
        # what a title's curves are, a part may tell without their name
        ("EDX spectra of films. (a) The EDX signal of zinc. (b) Tin.", {"a": ("EDS", "plot"), "b": ("EDS", "plot")}),
        # views of all sides, told once
        ("Right lateral (A) and left lateral (B) views of a skull.", {"A": ("photo",), "B": ("photo",)}),
        # the words of one name may stand apart
        ("(a) Optical and (b) SEM microstructures.", {"a": ("optical",), "b": ("SEM",)}),
        # a title tells what its panels are
        ("The sorting pipeline. (a) Inputs. (b) Channels.", {"a": ("schematic",), "b": ("schematic",)}),
    ],
)
def test_titles_and_bars_tell_as_well(caption: str, techniques: dict[str, tuple[str, ...]]) -> None:
    assert split(caption).techniques == techniques


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (table, words)
        for table in lexicon("depictions")
        for patterns in kinds(table).values()
        for words in patterns
        if "(?=" not in words  # what follows it would have to be drawn, too
    ],
)
@settings(max_examples=10, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_the_table_describes_is_found(table: str, words: str, data: st.DataObject) -> None:
    letters = st.characters(min_codepoint=32, max_codepoint=126)
    said = data.draw(st.from_regex(re.compile(words, re.ASCII), fullmatch=True, alphabet=letters))
    # the look-aheads of a pattern are drawn against, and a head is told by its first words
    assume(re.match(rf"(?:{words})(?!\w)", said) and len(said.split()) <= 8 and said.strip() == said)
    assert depicted([said]) is not None
