"""Labels of captions in other languages and scripts, in brackets, of several figures at once, and of maps."""

from pathlib import Path

import pytest

from exsclaim.sources.pdf.article.pdf_article import PdfFigure, figure_refs
from exsclaim.sources.pdf.extraction import extract
from exsclaim.store import Store
from tests.exsclaim.sources.pdf.paper import Paper, Sheet, micrograph

RUNNING = "本文研究了银颗粒在不同温度下的生长过程并测量其尺寸大小与分布情况以及相关因素"


def figures(paper: Paper) -> tuple[PdfFigure, ...]:
    return extract(paper.bytes()).figures


def labels_under_an_image(printed: str) -> list[str]:
    """Labels of the figures on a page with an image, these words under it, and running text."""
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 200, 300, 350, micrograph(300, 480))
    sheet.text(60, 366, printed, 7.5, "sans")
    sheet.prose(60, 440, 10, letters=88)
    return [figure.label for figure in figures(paper)]


def wide_prose(sheet: Sheet, y: float, lines: int) -> None:
    """Running text in Chinese; PDFium drops what repeats itself."""
    for line in range(lines):
        sheet.text(60, y + 14 * line, RUNNING[line:] + RUNNING[:line], 10, "wide")


def page_in_chinese(paper: Paper, caption: list[str], size: float = 7.5, x: float = 60) -> Sheet:
    """An image from 200 to 350 with its caption under it, over running text."""
    sheet = paper.sheet()
    sheet.image(60, 200, 300, 350, micrograph(300, 480))
    for line, text in enumerate(caption):
        sheet.text(x, 366 + 1.4 * size * line, text, size, "wide")
    wide_prose(sheet, 440, 10)
    return sheet


@pytest.mark.parametrize(
    ("printed", "label", "caption"),
    [
        ("图 3.1 银颗粒的扫描电镜照片", "图 3.1", "银颗粒的扫描电镜照片"),
        ("图2-3 不同温度下的颗粒尺寸", "图2-3", "不同温度下的颗粒尺寸"),
        ("图 4：银颗粒的扫描电镜照片", "图 4", "银颗粒的扫描电镜照片"),
        ("图 5 为未进行热处理时的颗粒", "图 5", "为未进行热处理时的颗粒"),
        ("附图 1 中国各地的银颗粒", "附图 1", "中国各地的银颗粒"),
        ("圖 1 銀顆粒的電子顯微照片", "圖 1", "銀顆粒的電子顯微照片"),
        ("図 2.1. 銀粒子の電子顕微鏡像", "図 2.1", "銀粒子の電子顕微鏡像"),
        ("図１ 銀粒子の電子顕微鏡像（左）と粒度分布（右）", "図１", "銀粒子の電子顕微鏡像（左）と粒度分布（右）"),
        ("그림 1. 은 입자의 전자 현미경 사진", "그림 1", "은 입자의 전자 현미경 사진"),
        ("[그림 2] 은 입자의 전자 현미경 사진", "그림 2", "은 입자의 전자 현미경 사진"),
        ("Рис. 1. Частицы серебра после роста", "Рис. 1", "Частицы серебра после роста"),
        ("Рисунок 2 — Частицы серебра после роста", "Рисунок 2", "Частицы серебра после роста"),
        ("Rys. 3. Cząstki srebra po wzroście", "Rys. 3", "Cząstki srebra po wzroście"),
        ("Şekil 4. Gümüş parçacıkları", "Şekil 4", "Gümüş parçacıkları"),
        ("Obr. 5: Částice stříbra po růstu", "Obr. 5", "Částice stříbra po růstu"),
    ],
)
def test_captions_are_told_in_other_languages(printed: str, label: str, caption: str) -> None:
    paper = Paper()
    page_in_chinese(paper, [printed])
    (figure,) = figures(paper)
    assert (figure.label, figure.caption) == (label, caption)
    assert figure.box_pt == pytest.approx((60, 200, 300, 350), abs=2)


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("1. ábra Ezüst részecskék", "1. ábra"),
        ("2.3. ábra: Ezüst részecskék", "2.3. ábra"),
        ("4. sz. ábra. Ezüst részecskék", "4. sz. ábra"),
        ("2.1 pav. Ezüst részecskék", "2.1 pav."),
        ("1. attēls. Ezüst részecskék", "1. attēls"),
        ("1-rasm. Ezüst részecskék", "1-rasm"),
        ("1-сурет – Ezüst részecskék", "1-сурет"),
        ("Joonis 1. Ezüst részecskék", "Joonis 1"),
        ("Фиг. 1. Ezüst részecskék", "Фиг. 1"),
        ("Сл. 1. Ezüst részecskék", "Сл. 1"),
        ("Εικ. 2: Ezüst részecskék", "Εικ. 2"),
        ("Abb 3: Ezüst részecskék", "Abb 3"),
        ("Esquema 1. Ezüst részecskék", "Esquema 1"),
        ("Imagem 2 – Ezüst részecskék", "Imagem 2"),
        ("รูปที่ 1 Ezüst részecskék", "รูปที่ 1"),
    ],
)
def test_numbers_may_stand_before_the_word_and_words_may_be_of_any_language(printed: str, label: str) -> None:
    paper = Paper()
    page_in_chinese(paper, [printed])
    (figure,) = figures(paper)
    assert (figure.label, figure.caption) == (label, "Ezüst részecskék")


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("Figure 4.3(cont'd)", "Figure 4.3"),
        ("Figure 4.3(cont’d)", "Figure 4.3"),
        ("Figure 3 continued", "Figure 3"),
        ("Figure 3, continued.", "Figure 3"),
        ("Figure 3 (continued from previous page)", "Figure 3"),
        ("Figure 3 (concluded)", "Figure 3"),
        ("Abb. 2.1 (Fortsetzung)", "Abb. 2.1"),
        ("Abb. 2.1: Forts.", "Abb. 2.1"),
        ("Figura 3 (continuación).", "Figura 3"),
        ("Figura 3 (continuação)", "Figura 3"),
        ("Fig. 3 (suite et fin)", "Fig. 3"),
        ("Figura 3 (segue)", "Figura 3"),
        ("Рис. 3. Окончание", "Рис. 3"),
        ("Rys. 3. cd.", "Rys. 3"),
        ("Şekil 3 (devamı)", "Şekil 3"),
        ("图 3（续）", "图 3"),
        ("续图 3", "续图 3"),
        ("図 3（つづき）", "図 3"),
        ("그림 3. (계속)", "그림 3"),
    ],
)
def test_a_figure_that_goes_on_says_so_in_any_language(printed: str, label: str) -> None:
    paper = Paper()
    page_in_chinese(paper, [printed])
    (figure,) = figures(paper)
    assert (figure.label, figure.caption) == (f"{label} (continued)", "")


@pytest.mark.parametrize("words", ["CD spectra of silver.", "Suite of the particles.", "Continua of states."])
def test_words_that_may_mean_something_else_begin_a_caption(words: str) -> None:
    paper = Paper()
    page(paper, [f"Figure 1. {words}"])
    (figure,) = figures(paper)
    assert (figure.label, figure.caption) == ("Figure 1", words)


@pytest.mark.parametrize(
    "sentence",
    ["2. ábra mutatja az ezüst", "5 att. of the mass were", "Figure 2 continued to be best of", "Image 2 shows the"],
)
def test_sentences_that_begin_with_such_words_are_no_captions(sentence: str) -> None:
    paper = Paper()
    sheet = page(paper, ["Figure 1. Grown particles of silver."])
    sheet.text(60, 80 + 8 * 11.25, sentence, 9, "slanted")
    assert [figure.label for figure in figures(paper)] == ["Figure 1"]


@pytest.mark.parametrize(
    "sentence",
    [
        "図 1 に銀粒子の電子顕微鏡像を示す。図から分かるように粒子の大きさは温度により",
        "図 1 から分かるように粒子の大きさは温度により異なることが明らかとなったため",
        "图 1 所示为银颗粒的扫描电镜照片可以看出颗粒尺寸随温度的升高而增大并且分布",
        "图 1 显示了银颗粒的扫描电镜照片可以看出颗粒尺寸随温度的升高而增大并且分布",
        "图 1 和图 2 给出了银颗粒的扫描电镜照片可以看出颗粒尺寸随温度的升高而增大",
        "그림 1은 은 입자의 전자 현미경 사진을 보여 준다 입자의 크기는 온도에 따라",
    ],
)
def test_a_sentence_that_begins_with_a_figure_is_no_caption(sentence: str) -> None:
    paper = Paper()
    sheet = page_in_chinese(paper, ["图 1 银颗粒的扫描电镜照片"])
    sheet.text(60, 100, sentence, 10, "wide")
    sheet = paper.sheet()
    sheet.text(60, 100, sentence, 10, "wide")
    wide_prose(sheet, 114, 10)
    (figure,) = figures(paper)
    assert figure.caption == "银颗粒的扫描电镜照片"


def test_a_caption_in_the_type_of_the_text_is_told_by_its_place_in_the_middle() -> None:
    paper = Paper()
    page_in_chinese(paper, ["图 1 银颗粒的扫描电镜照片"], size=10, x=185)
    (figure,) = figures(paper)
    assert figure.caption == "银颗粒的扫描电镜照片"


def test_lines_of_chinese_are_joined_without_a_space_and_a_head_does_not_continue_them() -> None:
    paper = Paper()
    sheet = page_in_chinese(paper, ["图 1 银颗粒在不同温度下的生长过程与 SEM", "照片：（左）生长前，（右）生长后"])
    sheet.ops = [op for op in sheet.ops if " 10 Tf " not in op]
    sheet = paper.sheet()
    sheet.text(60, 60, "4.4 结果与讨论", 7.5, "wide")
    wide_prose(sheet, 100, 10)
    (figure,) = figures(paper)
    assert figure.caption == "银颗粒在不同温度下的生长过程与 SEM 照片：（左）生长前，（右）生长后"


def page(paper: Paper, caption: list[str], seed: int = 1) -> Sheet:
    sheet = paper.sheet()
    sheet.prose(60, 80, 8, letters=88, seed=seed)
    sheet.image(60, 200, 300, 350, micrograph(300, 480, seed))
    sheet.block(60, 364, caption, 7.5, "sans")
    sheet.prose(60, 480, 10, letters=88, seed=seed + 50)
    return sheet


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("[Fig. 1] Grown particles of silver", "Fig. 1"),
        ("(Fig. 1) Grown particles of silver", "Fig. 1"),
        ("(Figure 1): Grown particles of silver", "Figure 1"),
        ("Map 1. Grown particles of silver", "Map 1"),
        ("Photo 1: Grown particles of silver", "Photo 1"),
        ("Abbildung 1: Grown particles of silver", "Abbildung 1"),
        ("Bild 1: Grown particles of silver", "Bild 1"),
        ("Figur 1. Grown particles of silver", "Figur 1"),
        ("Figs 1-9. Grown particles of silver", "Figs 1-9"),
        ("FIGURES 1, 2. Grown particles of silver", "FIGURES 1, 2"),
        ("Figs. 3 and 4. Grown particles of silver", "Figs. 3 and 4"),
    ],
)
def test_labels_in_brackets_of_several_figures_and_of_maps(printed: str, label: str) -> None:
    paper = Paper()
    page(paper, [printed])
    (figure,) = figures(paper)
    assert (figure.label, figure.caption, figure.origin) == (label, "Grown particles of silver", "embedded")


@pytest.mark.parametrize(
    "words", ["(Fig. 1). The particles", "Figs. 1, 2.", "(Figs. 1, 2).", "Figs 1-3; the others", "MAPK11. Kinase"]
)
def test_the_end_of_a_sentence_that_names_figures_and_a_proteins_name_are_no_captions(words: str) -> None:
    paper = Paper()
    sheet = page(paper, ["Figure 1. Grown particles of silver."])
    sheet.text(60, 80 + 8 * 11.25, words, 9, "bold")
    (figure,) = figures(paper)
    assert figure.label == "Figure 1"


def test_a_figure_of_several_numbers_is_meant_by_each_of_them(tmp_path: Path) -> None:
    """None of its numbers is reported as a figure that the text names and nobody found."""
    paper = Paper()
    sheet = page(paper, ["Figs 1-9. Grown particles: 1, 2, habitus; 3-9, surfaces of the particles at each step."])
    words = "The surface of the particles is smooth after all steps of the growth (Fig. 5). Edges of them"
    sheet.block(60, 720, [words, "are round (Figs 7-8), and the habitus is that of a cube (Figs 1, 2)."])
    article = extract(paper.bytes())
    (figure,) = figure_refs(article, "folder/x", "", "x.pdf", Store(tmp_path))
    assert [mention.sentence[-9:] for mention in figure.mentions] == ["(Fig. 5).", "gs 1, 2)."]


@pytest.mark.parametrize(
    ("first", "second", "label", "caption"),
    [
        ("图 1 银颗粒的扫描电镜照片", "Fig. 1 SEM images of silver", "Fig. 1", "SEM images of silver"),
        ("Рис. 1. Частицы серебра", "Fig. 1. Particles of silver", "Fig. 1", "Particles of silver"),
        ("Fig. 1. Particles of silver", "Рис. 1. Частицы серебра", "Fig. 1", "Particles of silver"),
        ("圖 1 銀顆粒的照片", "그림 1. 은 입자의 사진", "圖 1", "銀顆粒的照片"),
    ],
)  # fmt: skip
def test_of_a_caption_in_two_languages_the_english_one_is_kept(
    first: str, second: str, label: str, caption: str
) -> None:
    paper = Paper()
    page_in_chinese(paper, [first, second])
    (figure,) = figures(paper)
    assert (figure.label, figure.caption) == (label, caption)
    assert figure.box_pt == pytest.approx((60, 200, 300, 350), abs=2)


@pytest.mark.parametrize("number", ["III.1", "VII.12", "XVIII.2", "II.3", "XII-4", "III", "IV"])
def test_chapters_may_be_numbered_in_roman(number: str) -> None:
    paper = Paper()
    sheet = paper.sheet()
    said = f"Figure {number} shows what became of the particles that were grown on the film in the bath."
    sheet.block(60, 60, [said], 9)
    sheet.prose(60, 72, 8, letters=88)
    sheet.image(60, 200, 300, 350, micrograph(300, 480))
    sheet.text(60, 366, f"Figure {number}: Grown particles.", 9)
    sheet.prose(60, 420, 10, letters=88)
    assert [(figure.label, figure.caption) for figure in figures(paper)] == [(f"Figure {number}", "Grown particles.")]


@pytest.mark.parametrize(("printed", "label"), [
    ("Fig S1. Particles that grew in the dark.", "Fig S1"),
    ("Fig A2. Particles that grew in the dark.", "Fig A2"),
    ("Figs S1 and others. Particles that grew.", None),
])  # fmt: skip
def test_a_label_without_a_full_stop_may_have_a_number_of_a_supplement(printed: str, label: str | None) -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 200, 300, 350, micrograph(300, 480))
    sheet.text(60, 366, printed, 9)
    sheet.prose(60, 440, 10, letters=88)
    assert [figure.label for figure in figures(paper)] == ([label] if label else [])


def test_the_list_of_a_supplements_figures_is_none_of_them() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.text(60, 80, "Supporting material", 9)
    for number in (1, 2, 3):
        sheet.text(
            60, 100 + 30 * number, f"Fig S{number}. Growth of kind {number}: comparison of the sizes", 7.5, "sans"
        )
    sheet.prose(60, 300, 20, letters=88)
    for number in (1, 2, 3):
        sheet = paper.sheet()
        sheet.image(60, 80, 300, 230, micrograph(300, 480, number))
        sheet.text(60, 246, f"Fig. S{number}. Growth of kind {number}. The sizes were measured.", 7.5, "sans")
        sheet.prose(60, 300, 20, letters=88, seed=number)
    assert [(figure.label, figure.page) for figure in figures(paper)] == [(f"Fig. S{n}", n + 1) for n in (1, 2, 3)]


@pytest.mark.parametrize(("printed", "label"), [
    ("fig. 4. Particles that grew in the dark.", "fig. 4"),
    ("figure 4: Particles that grew in the dark.", "figure 4"),
    ("fig 4. Particles that grew in the dark.", "fig 4"),
    ("fig. 4 shows particles that grew in the dark.", None),
    ("fig. 4. and others grew in the dark.", None),
])  # fmt: skip
def test_a_label_may_begin_with_a_small_letter_where_a_caption_begins(printed: str, label: str | None) -> None:
    assert labels_under_an_image(printed) == ([label] if label else [])


def test_a_sentence_that_names_a_figure_at_a_lines_head_is_no_caption() -> None:
    paper = Paper()
    sheet = paper.sheet()
    sheet.image(60, 200, 300, 350, micrograph(300, 480))
    sheet.text(60, 366, "Figure 1. Particles.", 7.5, "sans")
    text = [
        "silver particles were grown on the surface and their size is as one sees it in the",
        "fig. 4. Their growth was measured with care after each step, at one temperature of all.",
    ]
    sheet.block(60, 440, text)
    assert [figure.label for figure in figures(paper)] == ["Figure 1"]


@pytest.mark.parametrize(("first", "second"), [
    ("Averaged sizes of the first.", "Other sizes, of the second."),
    ("Averaged movement of the particles in the strains without any of them, and of all that were found in the bath.",
     "Averaged movement of the particles in the diploid strains that have them, and of all that were found in it."),
])  # fmt: skip
def test_a_number_that_stands_twice_by_mistake_is_of_two_figures(first: str, second: str) -> None:
    paper = Paper()
    for number, words in enumerate([first, second]):
        sheet = paper.sheet()
        sheet.image(60, 80, 300, 230, micrograph(300, 480, number))
        sheet.text(60, 246, f"Fig. 7 A: {words}", 7.5, "sans")
        sheet.prose(60, 300, 20, letters=88, seed=number)
    assert [(figure.label, figure.page) for figure in figures(paper)] == [("Fig. 7", 1), ("Fig. 7", 2)]


@pytest.mark.parametrize(("printed", "label"), [
    ("FIGURE 4 A and B, Velocities of the particles that grew in the dark.", "FIGURE 4"),
    ("FIGURE 4 A, B, Velocities of the particles that grew in the dark.", "FIGURE 4"),
    ("FIGURE 4 A and B show velocities of the particles that grew in the dark.", None),
    ("FigS5: Velocities of the particles that grew in the dark.", "FigS5"),
])  # fmt: skip
def test_a_label_may_have_two_panels_or_no_space_behind_it(printed: str, label: str | None) -> None:
    assert labels_under_an_image(printed) == ([label] if label else [])


def test_a_supplementary_figure_with_an_s_has_the_legend_that_is_listed_without_that_word() -> None:
    paper = Paper()
    sheet = paper.sheet()
    for number in (1, 2):
        sheet.text(60, 100 + 60 * number, f"Figure S{number}. Growth of the particles of kind {number} in the dark.", 9)
    sheet.prose(60, 400, 20, letters=88)
    for number in (1, 2):
        sheet = paper.sheet()
        sheet.image(60, 80, 400, 430, micrograph(700, 680, number))
        sheet.text(150, 480, f"Supplementary Figure S{number}", 9, "sans-bold")
    found = [(figure.page, figure.caption) for figure in figures(paper)]
    assert found == [(n + 1, f"Growth of the particles of kind {n} in the dark.") for n in (1, 2)]
