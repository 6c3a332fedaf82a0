"""Doubts in kinds that a caption and scale bars settle, and those that they raise."""

import pytest

from exsclaim.figures.kind_confirmation import is_confirmed, tells_of_micrographs, with_kind_doubts
from exsclaim.geometry import Box
from exsclaim.records import CaptionParts, Figure, Mention, Panel, PanelKind, ScaleBar


def figure(caption: str, *mentions: str) -> Figure:
    return Figure(
        id="nature/x/fig1",
        article_id="nature/x",
        number=1,
        label="Fig. 1",
        title="",
        caption=caption,
        image_url="https://example.org/1.png",
        image_sha256="0" * 64,
        width_px=400,
        height_px=200,
        mentions=tuple(Mention(sentence=sentence) for sentence in mentions),
    )


def panel(
    kind: PanelKind = PanelKind.MICROSCOPY, confidence: float = 0.9, *, bar_nm: float | None = None, part: bool = False
) -> Panel:
    bar = ScaleBar(box=Box(10, 90, 60, 94), length_px=50, confidence=0.9, length_nm=bar_nm, nm_origin="printed")
    return Panel(
        id="nature/x/fig1/p1",
        figure_id="nature/x/fig1",
        box=Box(0, 0, 200, 100),
        kind=kind,
        kind_confidence=confidence,
        scale_bars=(bar,) if bar_nm else (),
        parent_id="nature/x/fig1/p9" if part else None,
    )


def parts(*techniques: str, scale_nm: dict[str, float] | None = None) -> CaptionParts:
    return CaptionParts(general=(), segments={}, scale_nm=scale_nm or {}, techniques={"": techniques}, keywords={})


@pytest.mark.parametrize(
    "technique",
    ["SEM", "TEM", "HRTEM", "HAADF-STEM", "AFM", "STM", "optical", "fluorescence", "EBSD", "EDS", "X-ray tomography"],
)
def test_an_instrument_in_the_caption_tells_of_micrographs(technique: str) -> None:
    assert tells_of_micrographs(figure("Silver."), parts(technique), [panel()])


@pytest.mark.parametrize("technique", ["map", "photo", "plot", "schematic", "XRD", "XPS", "TGA"])
def test_words_for_pictures_of_anything_do_not(technique: str) -> None:
    assert not tells_of_micrographs(figure("Velocity at 5 km."), parts(technique), [panel()])


@pytest.mark.parametrize(
    "caption",
    [
        "Micrographs of the film.",
        "Electron microscopy of a cell.",
        "Microstructure after annealing.",
        "Morphology of the rods.",
        "ECCI of dislocations.",
        "Kikuchi pattern.",
        "Sections stained with toluidine blue.",
        "REM-Aufnahme der Schicht.",
        "Mikroskopische Aufnahme des Schliffs.",
        "Micrografía de la muestra.",
        "Images MEB de la surface.",
        "Imagens de microscopia do filme.",
        "Микрофотография сплава.",
        "薄膜的显微照片。",
        "試料の顕微鏡写真。",
    ],
)
def test_words_for_what_microscopes_show_tell_of_micrographs(caption: str) -> None:
    assert tells_of_micrographs(figure(caption), parts(), [panel()])


@pytest.mark.parametrize(
    "caption",
    [
        "Shear velocity at 100 km depth.",
        "Images of two patients with pulmonary embolism.",
        "Density of the gas at t = 3.",
        "A frame of the volume rendering.",
        "Reconstruction with 200 iterations (± SEM).",
        "Microwave image of the target; macroscopic flow.",
        "Power in REM sleep.",
        "Energy loss of 2 MeV protons.",
    ],
)
def test_other_captions_do_not(caption: str) -> None:
    assert not tells_of_micrographs(figure(caption), parts(), [panel()])


def test_a_sentence_of_the_article_tells_as_much_as_the_caption() -> None:
    assert tells_of_micrographs(figure("The film.", "Micrographs are shown in Fig. 1."), parts(), [panel()])


def test_a_scale_bar_of_any_panel_or_of_the_caption_tells_of_micrographs() -> None:
    assert tells_of_micrographs(figure("The film."), parts(), [panel(), panel(bar_nm=500)])
    assert tells_of_micrographs(figure("The film."), parts(scale_nm={"": 500}), [panel()])


def test_without_a_caption_nothing_is_known() -> None:
    assert tells_of_micrographs(figure(""), parts(), [panel()])


def test_a_micrograph_of_which_only_its_look_tells_is_doubted() -> None:
    assert with_kind_doubts([], panel(), (), tells_of_micrographs=False) == ["kind_in_doubt"]
    assert with_kind_doubts([], panel(), (), tells_of_micrographs=True) == []


@pytest.mark.parametrize("kind", [PanelKind.GRAPH, PanelKind.PHOTO, PanelKind.ILLUSTRATION, PanelKind.DIFFRACTION])
def test_other_kinds_need_no_instrument(kind: PanelKind) -> None:
    assert with_kind_doubts([], panel(kind), (), tells_of_micrographs=False) == []


def test_insets_and_parts_are_doubted_as_well() -> None:
    assert with_kind_doubts([], panel(part=True), (), tells_of_micrographs=False) == ["kind_in_doubt"]
    assert with_kind_doubts(["kind_in_doubt"], panel(part=True), ["SEM"], tells_of_micrographs=True) == []


def test_what_a_caption_names_for_a_panel_confirms_no_inset_of_it() -> None:
    inset = panel(part=True).model_copy(update={"is_inset": True})
    assert with_kind_doubts(["kind_in_doubt"], inset, ["SEM"], tells_of_micrographs=True) == ["kind_in_doubt"]


def test_scans_of_patients_tell_of_no_micrographs() -> None:
    """A plain radiograph looks like a micrograph, and its caption names no instrument that makes some."""
    for technique in ("radiograph", "MRI", "PET", "ultrasound"):
        assert not tells_of_micrographs(figure("Scan."), parts(technique), [panel()])


@pytest.mark.parametrize(
    ("kind", "techniques"),
    [
        (PanelKind.MICROSCOPY, ["SEM"]),
        (PanelKind.MICROSCOPY, ["SEM", "EDS"]),
        (PanelKind.MICROSCOPY, ["fluorescence", "plot"]),
        (PanelKind.DIFFRACTION, ["SAED"]),
        (PanelKind.GRAPH, ["XRD"]),
        (PanelKind.GRAPH, ["TGA", "plot"]),
    ],
)
def test_the_instrument_confirms_the_kind(kind: PanelKind, techniques: list[str]) -> None:
    assert is_confirmed(kind, techniques)
    flags = ["box_in_doubt", "kind_in_doubt"]
    assert with_kind_doubts(flags, panel(kind), techniques, tells_of_micrographs=True) == ["box_in_doubt"]


@pytest.mark.parametrize(
    ("kind", "techniques"),
    [
        (PanelKind.MICROSCOPY, []),
        (PanelKind.MICROSCOPY, ["photo"]),
        (PanelKind.MICROSCOPY, ["SEM", "XRD"]),
        (PanelKind.GRAPH, ["plot"]),
        (PanelKind.GRAPH, ["SEM"]),
        (PanelKind.ILLUSTRATION, ["schematic"]),
        (PanelKind.MAP, ["map"]),
        (PanelKind.MICROSCOPY, ["X-ray tomography"]),
    ],
)
def test_words_for_anything_and_instruments_of_other_kinds_do_not(kind: PanelKind, techniques: list[str]) -> None:
    assert not is_confirmed(kind, techniques)
    assert "kind_in_doubt" in with_kind_doubts(["kind_in_doubt"], panel(kind), techniques, tells_of_micrographs=True)
