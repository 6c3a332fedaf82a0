"""Figures on pages of many publishers: each layout in small, with the words of buttons and viewers around it."""

import re
import time

import pytest

from exsclaim.sources.html.html_text import parse
from exsclaim.sources.html.page_figures import PageFigure, figures_on

LAYOUTS = {
    "wiley": """<section class="article-section__inline-figure"><figure class="figure" id="x-fig-0001"><a
 target="_blank"
 href="big.jpg"><picture><source media="(min-width: 1650px)" srcset="big.jpg"><img class="figure__image" src="small.png"
 data-lg-src="big.jpg"></picture></a><figcaption class="figure__caption"><div class="figure__caption__header"><strong
 class="figure__title">Figure 1</strong><div class="figure-extra"><a href="#" class="open-figure-link">Open in figure
 viewer</a><a class="ppt-figure-link"><span>PowerPoint</span></a></div></div><div class="figure__caption-text">(a) Rods.
 (b) Wires.</div></figcaption></figure></section>""",
    "springer": """<div class="c-article-section__figure"><figure><figcaption><b
 class="c-article-section__figure-caption">Figure 1</b></figcaption><div class="c-article-section__figure-content"><a
 href="/article/10.1/x/figures/1"><picture><source srcset="big.jpg?as=webp"><img src="big.jpg"></picture></a><div
 class="c-article-section__figure-link"><a href="/figures/1"><span>Full size image</span></a></div><div
 class="c-article-section__figure-description"><p>(a) Rods. (b) Wires.</p></div></div></figure></div>""",
    "atypon-core": """<div class="figure-wrap"><header><div class="label">Figure 1.</div></header><figure id="fig01"
 class="graphic"><img src="big.jpg" data-open="viewer"><figcaption>(<i>a</i>) Rods. (<i>b</i>) Wires.</figcaption>
 </figure><div class="figure-tools"><a href="#">Open in viewer</a></div></div>""",
    "science": """<figure id="F1" class="graphic"><img src="big.jpg"><figcaption><div class="caption"><span
 class="heading">Figure 1.</span> (a) Rods.</div><div class="notes"><div role="doc-footnote">(b) Wires.</div></div>
 </figcaption></figure>""",
    "acs": """<figure id="fig1" class="article__inlineFigure"><h2 class="fig-label">Figure 1</h2><div
 class="figure-bottom-links"><a class="downloadMSPPT">Download MS PowerPoint Slide</a></div><img src="big.jpg"
 class="inline-fig"><figcaption><p><p>Figure 1. (a) Rods. (b) Wires.</p></p></figcaption></figure>""",
    "iop": """<figure class="boxout figure-start" id="nanof1"><div class="boxout-thumb"><div class="figure-image"><img
 src="big.jpg"></div><div class="figure-btns"><button>Zoom In</button><button>Reset image size</button></div></div>
 <figcaption><p class="mb-0"><small><strong>Figure 1.</strong> (a) Rods. (b) Wires.</small></p></figcaption><p
 class="print-hide"><small><a>Download figure:</a><br><a href="lr.jpg">Standard image</a> <a
 href="big_hr.jpg">High-resolution image</a></small></p></figure>""",
    "mdpi": """<div class="html-fig-wrap" id="f001"><div class="html-fig_img"><div class="html-figpopup"><a
 href="#fig_body_display_f001"><img data-large="big.jpg" data-original="big.jpg" src="small-550.jpg"></a><a
 class="html-expand html-figpopup" href="#fig_body"></a></div></div><div class="html-fig_description"><b>Figure 1.</b>
 (a) Rods. (b) Wires.</div></div><div class="html-fig_show mfp-hide" id="fig_body_display_f001"><div
 class="html-fig_caption"><b>Figure 1.</b> (a) Rods. (b) Wires.</div><img data-large="big.jpg"></div>""",
    "frontiers": """<div class="FigureDesc"><a href="big.jpg" target="_blank"><img src="small.webp"></a>
 <p><strong>Figure 1</strong>. (a) Rods. (b) Wires.</p></div>""",
    "oup": """<div data-id="fig1" class="fig fig-section js-fig-section"><div class="graphic-wrap"><img
 class="content-image" src="big.jpg" data-src="big.jpg"><div class="graphic-bottom"><div class="label fig-label">Figure
 1.</div><div class="caption fig-caption"><p class="chapter-para">(a) Rods. (b) Wires.</p></div><div
 class="fig-orig original-slide"><a>Open in new tab</a><a>Download slide</a></div></div></div></div>""",
    "aip": """<div class="fig-section"><div class="label">FIGURE 1.</div><div class="graphic-wrap"><a><img
 src="big.jpg"></a></div><div class="fig-view-orig"><a>View large</a><a>Download slide</a></div><div
 class="caption"><p>(a) Rods. (b) Wires.</p></div></div>""",
    "sciencedirect": """<figure class="figure text-xs" id="fig0005"><span><img src="small.jpg" height="2"><ol
 class="links-for-figure"><li><a class="anchor download-link" href="big_lrg.jpg" title="Download high-res image
 (1MB)"><span>Download: <span>Download high-res image (1MB)</span></span></a></li><li><a
 href="small.jpg">Download: Download full-size image</a></li></ol></span><span class="captions text-s"><span
 id="cap0005"><p id="sp0005"><span class="label">Figure 1</span>. (a) Rods. (b) Wires.</p></span></span></figure>""",
    "cell": """<figure class="graphic"><img src="big.jpg"><figcaption><div class="caption"><span
 class="figure__label">Figure 1</span><div class="figure__caption__text"><p>(a) Rods.</p><p>(b) Wires.</p></div></div>
 <div class="figure__tools"><a>Show full caption</a><a>Figure viewer</a><a>Download Hi-res image</a><a>Download
 (PPT)</a>
 </div></figcaption></figure>""",
    "plos": """<div class="figure" data-doi="info:doi/10.1371/x.g001"><div class="img-box"><a
 href="article/figure/x"><img
 src="big.jpg"></a></div><div class="figure-inline-download">Download:<ul><li><a>PPT</a><a>PowerPoint slide</a></li>
 <li><a>PNG</a><a>larger image</a></li></ul></div><div class="figcaption"><span>Figure 1. </span>(a) Rods.</div><p
 class="caption_target">(b) Wires.</p></div>""",
    "elife": """<div class="asset-viewer-inline"><div class="asset-viewer-inline__header"><span>Figure 1</span><a
 class="asset-viewer-inline__download">Download asset</a><a>Open asset</a></div><figure class="captioned-asset"><a
 href="https://iiif.example/x/full"><picture><img src="big.jpg"></picture></a><figcaption><p>(a) Rods. (b) Wires.</p>
 </figcaption></figure></div>""",
    "pmc": """<figure class="fig xbox font-sm" id="F1"><h4 class="obj_head">Figure 1.</h4><p class="img-box"><a
 class="tileshop"><img class="graphic zoom-in" src="big.jpg" alt="Figure 1."></a></p><div class="p text-right"><a
 class="usa-link">Open in a new tab</a></div><figcaption><p>(a) Rods. (b) Wires.</p></figcaption></figure>""",
    "taylor-francis": """<div class="figure figureViewer" id="F0001"><div class="figureThumbnailContainer"><img
 src="big.jpg"><div class="figureInfo"><div class="short-legend"><p><span class="captionLabel">Figure 1. </span>(a)
 Rods.
 (b) Wires.</p></div></div></div><a>Display full size</a></div>""",
    "highwire": """<div class="fig pos-float odd" id="F1"><div class="fig-inline"><a href="F1.expansion.html"><img
 src="big.gif"></a><div class="callout"><span>View larger version:</span><ul><li><a>In this window</a></li><li><a>In a
 new window</a></li></ul></div></div><div class="fig-caption"><span class="fig-label">Figure&amp;nbsp;1.</span><p>(a)
 Rods. (b) Wires.</p></div></div>""",
    "taylor-francis with the article's title": """<div class="figure figureViewer" id="F1"><div
 class="hidden figureViewerArticleInfo"><h1>Of silver</h1><div>A. Author</div></div><div class="figureInfo"><div
 class="short-legend"><p class="captionText"><span class="captionLabel">Figure 1. </span>(a) Rods. (b) Wires.</p></div>
 </div><a class="thumbnail"><img src="big.jpg"></a></div>""",
    "unknown": """<div class="my-illustration"><div class="picture"><img src="big.png"></div><div
 class="x-Caption"><b>Figure 1.</b> (a) Rods. (b) Wires.</div></div>""",
    "unknown, parted": """<section><p>Text.</p><div><div><span><img src="big.png"></span></div><p
 class="legend-text">Figure 1: (a) Rods. (b) Wires.</p></div></section>""",
    "arxiv": """<figure class="ltx_figure" id="S1.F1"><img class="ltx_graphics" src="big.jpg"><figcaption
 class="ltx_caption"><span class="ltx_tag ltx_tag_figure">Figure 1: </span>(a) Rods. (b)
 Wires.</figcaption></figure>""",
    "ieee": """<div class="figure figure-full" id="fig1"><div class="img-wrap"><a href="big.gif"><img src="small.gif"
 alt="Fig. 1."></a></div><div class="figcaption"><b class="title">Figure 1.</b> <p>(a) Rods. (b) Wires.</p></div><p
 class="links"><a href="/all">Show All</a></p></div>""",
    "optica": """<div class="figure" id="g001"><img src="big.jpg"><div class="figure-caption"><strong>Figure
 1.</strong>
 (a) Rods. (b) Wires.</div><p><a href="/f">Download Full Size</a> | <a href="/p">PPT Slide</a> | <a
 href="/d">PDF</a></p>
 </div>""",
    "copernicus": """<div class="figure" id="Ch1.F1"><a target="_blank" href="big-high-res.png"><img
 src="small.png"></a><div
 class="caption"><p class="p"><strong class="caption-number">Figure 1</strong>(a) Rods. (b) Wires.</p></div><p
 class="downloads"><a target="_blank" href="big.png">Download</a></p></div>""",
    "jmir": """<figure><a name="figure1">&#8206;</a><img src="big.png" alt="&#8206;"><figcaption><span class="typcn">
 </span>Figure 1. (a) Rods. (b) Wires. </figcaption><a class="fancybox" href="big.png">View this
 figure</a></figure>""",
    "elife with supplements": """<div id="fig1" class="asset-viewer-inline"><div
 class="asset-viewer-inline__header_panel"><div class="asset-viewer-inline__header_text"><span>Figure 1</span> with 2
 supplements <a href="/figures#fig1" class="asset-viewer-inline__header_link">see all</a></div><a href="/d"><span
 class="visuallyhidden">Download asset</span></a></div><figure class="captioned-asset"><a href="big.jpg"><img
 src="small.jpg" alt=""></a><figcaption><p>(a) Rods. (b) Wires.</p><span>https://doi.org/10.7554/eLife.1.007</span>
 </figcaption></figure></div>""",
    "latexml": """<figure class="ltx_figure" id="S1.F1"><img alt="Refer to caption" class="ltx_graphics"
 src="big.png"><figcaption
 class="ltx_caption"><span class="ltx_tag ltx_tag_figure">Figure 1: </span>(a) Rods. (b)
 Wires.</figcaption></figure>""",
    "cambridge": """<section><div class="figure-thumb fig"><figure><div class="img"><img class="aop-lazy-load-image"
 data-src="big.png" src="big.png" alt=""></div><figcaption><span class="p"><span class="label">Figure 1.</span>
 (a) Rods.
 (b) Wires.</span></figcaption></figure><a class="open-fig">Figure 1 Long description</a></div></section>""",
    "royal society": """<figure class="figure" id="f1"><div class="figure__image__wrapper"><img class="figure__image"
 data-lg-src="big.jpg" src="small.gif"></div><figcaption class="figure__caption"><span class="figure__caption"><b
 class="figure__title">Figure 1.</b> (a) Rods. (b) Wires.</span></figcaption><div class="figure__options"><a>Download
 figure</a><a>Open in new tab</a><a>Download PowerPoint</a></div></figure>""",
    "biorxiv": """<div id="F1" class="fig pos-float type-figure odd"><div class="highwire-figure"><div
 class="fig-inline-img-wrapper"><div class="fig-inline-img"><a href="big.large.jpg"><span
 class="hw-responsive-img"><img
 class="highwire-fragment lazyload" src="data:image/gif;base64,R0" data-src="big.medium.gif"></span></a></div></div><ul
 class="highwire-figure-links inline"><li class="download-fig first"><a>Download figure</a></li><li class="new-tab
 last"><a>Open in new tab</a></li></ul></div><div class="fig-caption"><span class="fig-label">Figure 1.</span>
 <p>(a) Rods.
 (b) Wires.</p><div class="sb-div caption-clear"></div></div></div>""",
    "old pmc": """<div class="fig iconblock whole_rhythm" id="F1"><a href="/figure/F1/"><div class="figure"><img
 class="tileshop" src="big.jpg" alt="An external file that holds a picture"></div></a><div class="icnblk_cntnt"><div
 id="lgndF1"><a href="/figure/F1/">Figure 1</a></div><div class="caption"><p>(a) Rods. (b)
 Wires.</p></div></div></div>""",
    "beilstein": """<figure><a href="big.png"><img src="small.png"></a><figcaption><b>Figure 1:</b> (a) Rods.
 (b) Wires.
 </figcaption><p><a href="#F1">Jump to Figure 1</a></p></figure>""",
    "old elife": """<div id="F1" class="fig-group"><div class="elife-fig-slider"><div
 class="elife-fig-slider-primary"><div
 class="fig" ><div class="fig-expansion"><span class="fig-label">Figure 1.</span> <div class="elife-figure-links"><span
 class="elife-figure-link elife-figure-link-download"><a href="big.large.jpg">Download figure</a></span><span
 class="elife-figure-link"><a href="/F1">Open in new tab</a></span></div><a href="big.large.jpg"><img
 src="big.medium.gif"></a><div class="fig-caption"><p>(a) Rods. (b) Wires.</p></div></div></div></div></div></div>""",
    "annual reviews": """<div class="figure"><div class="figureThumbHolder"><img src="big.gif"></div><div
 class="caption"><p><b>
 Figure 1</b> (a) Rods. (b) Wires.</p></div><div class="figureLinks"><a>Click to view</a> <a>Download as PowerPoint</a>
 </div></div>""",
    "ametsoc": """<div class="figure" id="fig1"><figure><div class="image-wrapper"><img class="lazy-load"
 data-image-src="big-f1.jpg" src="/skin/Blank.svg"></div><figcaption><span>Fig</span>ure 1.</figcaption><p>(a) Rods. (b)
 Wires.</p><p class="citation">Citation: Journal of Wires 37, 24; <a href="https://doi.org/10.5555/JW-1.1">10.5555/JW-1.1
 </a></p><ul><li><a href="f1.eps">Download Figure</a></li></ul></figure></div>""",
    "silverchair": """<div data-id="f1" class="fig fig-section"><div class="fig-label">Figure 1.</div><div
 class="graphic-wrap"><a class="fig-link" href="/view-large/figure/8/f1.jpg"><img class="content-image"
 src="big/m_f1.jpeg?Expires=1"></a><div class="fig-orig"><a class="fig-view-orig"
 href="/view-large/figure/8/f1.jpg">View large</a></div></div><div
 class="caption fig-caption"><p>(a) Rods. (b) Wires.</p></div></div>""",
    "silverchair, not yet loaded": """<div class="fig fig-section"><div class="fig-label">Fig. 1</div><div
 class="graphic-wrap"><a class="fig-link" href="/view-large/figure/3/w-f1.tif"><img class="content-image lazy"
 src="/Themes/img/preloader.gif" data-src="big/m_w-f1.png"></a></div><div class="caption fig-caption"><p>(a) Rods. (b)
 Wires.</p></div></div>""",
    "placeholder in a set": """<figure><picture><source srcset="x"><img src="big_Fig1_HTML.jpg"></picture><figcaption>
 Figure 1. (a) Rods. (b) Wires.</figcaption></figure>""",
    "de gruyter": """<figure class="figure" id="j_1_fig_001"><img src="big.jpg" alt="Figure 1: rods"><div
 class="figure-description"><div class="figure-label">Figure 1:</div><figcaption><p>(a) Rods. (b)
 Wires.</p></figcaption></div><a>Export Figure</a></figure>""",
    "jama": """<div class="figure-table-wrapper thm-bd-top"><div class="figure-label">Figure 1.&nbsp;</div><a
 class="figure-table-anchor"> </a><div class="figure-table-links"><a class="view-large"
 href="https://cdn.example/big.png?Expires=1&amp;Key-Pair-Id=2"><span>View Large</span></a><a
 href="/downloadimage.aspx?image=https://cdn.example/big.png">Download</a><a
 class="goto-figure" href="#f1">Go to Figure in Article</a></div><div class="figure-table-image"><img src="" alt="">
 </div><div class="figure-caption"><p>(a) Rods. (b) Wires.</p></div></div>""",
    "a label over the image, a legend below": """<div class="media"><h4>Figure 1</h4><div><img src="big.jpg"></div><div
 class="legend"><p>(a) Rods. (b) Wires.</p></div></div>""",
    "a label beside its caption": """<div class="block"><div><img src="big.jpg"></div><div class="row"><span
 class="imageLabel">Fig. 1.</span><div class="imageCaption">(a) Rods. (b) Wires.</div></div></div>""",
    "an image for browsers without scripts, as text": """<dl class="figure"><dt><a href="#gr1"><img class="lazy"
 src="/sd/grey_pxl.gif" data-fulleid="big.jpg"><noscript>&lt;img src="big.jpg"&gt;</noscript></a></dt><dd><p
 class="caption">Fig. 1.&nbsp;<span>(a) Rods. (b) Wires.</span></p></dd></dl>""",
    "an image for browsers without scripts, as an element": """<figure><img src="/pixel.gif"><noscript><img
 src="big.jpg"></noscript><figcaption>Figure 1. (a) Rods. (b) Wires.</figcaption></figure>""",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_figure_is_read_in_every_layout(layout: str) -> None:
    (figure,) = figures_on(parse(f"<html><body><article><h1>T</h1>{LAYOUTS[layout]}</article></body></html>"))
    assert figure.label.casefold() in ("figure 1", "fig. 1")
    assert figure.caption == "(a) Rods. (b) Wires."
    assert re.match(r"(?:https://cdn\.example/)?big", figure.images[0]), figure.images
    assert not any(re.search("preloader|pxl|pixel", address) for address in figure.images)


def captions(body: str) -> list[tuple[str, str]]:
    return [(figure.label, figure.caption) for figure in figures_on(parse(f"<body><h1>T</h1>{body}</body>"))]


@pytest.mark.parametrize(
    "table",
    [
        '<div class="c-article-table"><figure><figcaption><b>Table 1 Sizes</b></figcaption>'
        "<a>Full size table</a></figure></div>",
        "<figure><figcaption>Table S2. Sizes.</figcaption><img src='t.png'></figure>",
        "<figure><figcaption>Sizes</figcaption><table><tr><td>1</td></tr></table></figure>",
        "<figure><figcaption>TABLE IV</figcaption><img src='t.png'></figure>",
        "<figure><figcaption>Tabelle 3: Größen</figcaption><img src='t.png'></figure>",
    ],
)
def test_a_table_is_no_figure(table: str) -> None:
    assert captions(table) == []


@pytest.mark.parametrize("caption", ["Table salt crystals under the microscope.", "Tables of the furnace."])
def test_what_lies_on_a_table_is_a_figure(caption: str) -> None:
    assert captions(f"<figure><img src='t.png'><figcaption>{caption}</figcaption></figure>") == [("", caption)]


LONG = "(a) Rods of silver, grown for a day in the dark at 40 °C. (b) Wires."


@pytest.mark.parametrize(
    "again",
    [
        f"<div class='visible-xs'><a href='#'><span>Caption</span></a><div>{LONG}</div></div>",
        f"<div class='small-screen'><p>{LONG}</p></div>",
        f"<div aria-hidden='true'>{LONG}</div>",
        f"<div><b>Full caption</b><p>{LONG}</p></div>",
    ],
)
def test_a_caption_that_is_there_for_small_screens_too_is_read_once(again: str) -> None:
    block = f"<figure><img src='a.png'><figcaption><b>Figure 1</b><p>{LONG}</p>{again}</figcaption></figure>"
    assert captions(block) == [("Figure 1", LONG)]


@pytest.mark.parametrize(
    "said",
    [
        "Rods of silver, grown for a day in the dark at 40 °C, and wires. Rods of silver, grown for a day in the dark "
        "at 60 °C, and wires.",
        "(a) Rods. (b) Rods.",
        "a, Scanning electron micrographs of rods grown at 40 °C. "
        "b, Scanning electron micrographs of rods grown at 60 °C.",
    ],
)
def test_a_caption_that_begins_twice_with_the_same_words_is_kept(said: str) -> None:
    assert captions(f"<figure><img src='a.png'><figcaption>Figure 1. {said}</figcaption></figure>") == [
        ("Figure 1", said)
    ]


def test_a_caption_without_a_label_does_not_take_that_of_a_figure_beside_it() -> None:
    figure = "<figure><img src='a.png'><h4>Figure 1.</h4><figcaption>Rods.</figcaption></figure>"
    table = "<div class='xbox'><div class='caption'>Sizes of all rods</div><img src='t.png'></div>"
    assert captions(f"<section>{figure}{table}</section>") == [("Figure 1", "Rods.")]


def test_a_formula_drawn_in_a_caption_is_not_the_image() -> None:
    page = parse("""<figure><figcaption>Figure 1: Change in <img src="//m.example/x_IEq65_HTML.jpg"> over
 decades.</figcaption>
 <picture><img src="//m.example/x_Fig1_HTML.jpg"></picture></figure>""")
    (figure,) = figures_on(page)
    assert figure.images == ("//m.example/x_Fig1_HTML.jpg",)
    assert figure.caption == "Change in [formula] over decades."


def test_a_figure_without_an_image_does_not_vanish() -> None:
    (figure,) = figures_on(parse("<figure><figcaption>Fig. 2. Lost.</figcaption></figure>"))
    assert figure == PageFigure("Fig. 2", "", "Lost.", ())


def test_boxes_and_files_without_an_image_are_no_figures() -> None:
    block = "<figure><figcaption>{}</figcaption></figure>"
    assert captions(block.format("Box 1. Terms.") + block.format("Dataset 2. Sizes.") + block.format("Video 3")) == []
    assert captions("<figure><img src='b.png'><figcaption>Box 1. Terms.</figcaption></figure>") == [("Box 1", "Terms.")]


def test_captions_of_an_unknown_layout_stand_in_their_order_and_known_ones_are_not_doubled() -> None:
    unknown = "<div><img src='{0}.png'><div class='caption'>Figure {0}. Of {0}.</div></div>"
    known = "<figure><img src='2.png'><figcaption class='caption'>Figure 2. Of 2.</figcaption></figure>"
    body = (
        f"<div class='all'>{unknown.format(1)}{known}{unknown.format(3)}</div><p class='caption'>Figure 4 shows it.</p>"
    )
    assert captions(body) == [("Figure 1", "Of 1."), ("Figure 2", "Of 2."), ("Figure 3", "Of 3.")]


def test_a_figure_that_is_shown_twice_is_one() -> None:
    thumbnail = "<figure><img src='small.png'><figcaption>Fig. 1. Rods and wires…</figcaption></figure>"
    whole = "<figure><img src='large.png'><figcaption>Fig. 1. Rods and wires on silicon.</figcaption></figure>"
    (figure,) = figures_on(parse(thumbnail + whole))
    assert (figure.caption, figure.images) == ("Rods and wires on silicon.", ("small.png", "large.png"))


def test_an_unlabelled_figure_gets_no_label_of_another() -> None:
    assert captions("<figure><img src='a.png'><figcaption>Overview</figcaption></figure>"
                    "<figure><img src='b.png'><figcaption>Figure 1. Rods.</figcaption></figure>") == [
        ("", "Overview"), ("Figure 1", "Rods."),
    ]  # fmt: skip


def test_graphical_abstracts_portraits_and_related_articles_are_left_out() -> None:
    assert (
        captions("""<div class="graphical-abstract"><figure><img src="toc.png"><figcaption>In
 short</figcaption></figure>
 </div><aside><figure><img src="me.jpg"><figcaption>The author</figcaption></figure></aside><div
 class="related-articles">
 <figure><img src="o.jpg"><figcaption>Figure 9. Of another.</figcaption></figure></div>""")
        == []
    )


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("Fig. 1", "Fig. 1"), ("FIG. 1.", "FIG. 1"), ("Figure S2:", "Figure S2"), ("Scheme 3.", "Scheme 3"),
        ("Extended Data Fig. 4 |", "Extended Data Fig. 4"), ("Supplementary Figure 5.", "Supplementary Figure 5"),
        ("Figura 6.", "Figura 6"), ("Abb. 7:", "Abb. 7"), ("Figure 2.1.", "Figure 2.1"), ("Fig. A1.", "Fig. A1"),
        ("Chart 2.", "Chart 2"), ("Figure IV.", "Figure IV"),
    ],
)  # fmt: skip
def test_labels_are_read_as_printed(printed: str, label: str) -> None:
    assert captions(f"<figure><img src='a.png'><figcaption><b>{printed}</b> Rods of silver.</figcaption></figure>") == [
        (label, "Rods of silver.")
    ]


def test_icons_are_no_images_of_figures_and_silicon_is_no_icon() -> None:
    (figure,) = figures_on(
        parse("""<figure><img src="/static/icon-zoom.svg"><img src="/f/nano-silicon_fig1.jpg">
 <img src="logo.png"><figcaption>Figure 1. Rods.</figcaption></figure>""")
    )
    assert figure.images == ("/f/nano-silicon_fig1.jpg",)


@pytest.mark.parametrize(
    "caption",
    ["Close-up of the tip", "View of the reactor and of its figure", "Display of rods", "See text for details in full",
     "<p>Show image</p>", "<span>Zoom in</span> of <b>b</b>"],
)  # fmt: skip
def test_captions_may_speak_as_buttons_do(caption: str) -> None:
    plain = caption.replace("<p>", "").replace("</p>", "").replace("<span>", "").replace("</span>", "")
    plain = plain.replace("<b>", "").replace("</b>", "")
    told = f"<figcaption><b>Fig. 1.</b> {caption}</figcaption>"
    assert captions(f"<figure><img src='a.png'>{told}<a href='#'>View figure</a></figure>") == [("Fig. 1", plain)]


def test_a_film_is_no_figure_and_its_first_image_none_of_one() -> None:
    film = "<figure><img src='video1.jpg'><figcaption>Video 1. Rods that grow.</figcaption></figure>"
    assert captions(film) == []


def test_a_figures_own_doi_is_no_part_of_its_caption_and_that_of_its_data_is() -> None:
    figure = "<figure><img src='a.png'><figcaption>Figure 1: Rods{}</figcaption></figure>"
    assert captions(figure.format(". DOI: 10.7717/peerj.1/fig-1")) == [("Figure 1", "Rods.")]
    assert captions(figure.format(" (https://doi.org/10.5061/dryad.1).")) == [
        ("Figure 1", "Rods (https://doi.org/10.5061/dryad.1).")
    ]


def figures(html: str) -> list[PageFigure]:
    return figures_on(parse(f"<html><body><article><h1>T</h1>{html}</article></body></html>"))


def test_a_service_that_hands_on_a_signed_image_is_asked_at_the_images_own_address() -> None:
    signed = "https://cdn.example/1/f1.jpeg?Expires=1&Signature=a~b&Key-Pair-Id=K1"
    (figure,) = figures(
        f"""<div class="fig fig-section"><div class="fig-label">Fig. 1</div>
        <img src="https://cdn.example/1/m_f1.jpeg?Expires=1">
        <a href="/DownloadImage.aspx?image={signed}&sec=8&ar=2">Download</a><p class="caption">Rods.</p></div>"""
    )
    assert figure.images[0] == signed


def test_a_link_to_the_next_figures_file_is_none_of_this_one() -> None:
    (figure,) = figures(
        """<figure><a href="rods_f02.jpeg">Large</a><a href="rods_f01.tif">Original</a><img src="rods_f01.jpeg">
        <figcaption>Figure 1. Rods.</figcaption></figure>"""
    )
    assert set(figure.images) == {"rods_f01.tif", "rods_f01.jpeg"}


@pytest.mark.parametrize("lead", [False, True])
def test_figures_that_share_a_block_have_each_their_caption_and_images(lead: bool) -> None:
    pairs = [
        ('<div><img class="ltx_graphics" src="a.png"></div>', "<figcaption>Figure 3. Rods.</figcaption>"),
        ('<div><img class="ltx_graphics" src="b.png"></div>', "<figcaption>Figure 4. Wires.</figcaption>"),
    ]
    inside = "".join(caption + image if lead else image + caption for image, caption in pairs)
    found = figures(f'<figure id="S5.F4">{inside}</figure>')
    assert [(each.label, each.caption, each.images) for each in found] == [
        ("Figure 3", "Rods.", ("a.png",)), ("Figure 4", "Wires.", ("b.png",)),
    ]  # fmt: skip


def test_listings_and_thumbnails_of_graphical_abstracts_are_no_figures() -> None:
    assert not figures("<figure><div>Input: rods</div><figcaption>Algorithm 1 Counting rods</figcaption></figure>")
    assert not figures('<figure><h2 class="fig-label">Abstract</h2><img src="toc.jpeg"></figure>')


def test_a_copy_in_which_formulas_are_not_yet_drawn_is_the_same_figure() -> None:
    drawn = "<math><msub><mi>q</mi><mn>2</mn></msub></math>"
    found = figures(
        f"""<div class="figure"><img src="full-w-f4.jpg">
        <p class="caption">Fig. 4. Dynamics of the rods {drawn}.</p></div>
        <div class="figure"><img src="inline-w-f4.jpg"><p class="caption">Fig. 4. Dynamics of the rods q_2.</p></div>"""
    )
    assert len(found) == 1


def test_parts_between_pieces_of_tex_are_images_of_the_figure() -> None:
    (figure,) = figures(
        """<figure class="ltx_figure">
        <figure class="ltx_figure"><p>0pt][c]0.47 <img class="ltx_graphics" src="a.png"></p></figure>
        <figure class="ltx_figure"><p>0pt][c]0.47 <img class="ltx_graphics" src="b.png"></p></figure>
        <figcaption>Figure 4: Left: rods.</figcaption></figure>"""
    )
    assert figure.images == ("a.png", "b.png")


SCIELO = """<div class="row fig" id="f01"><a href="" data-toggle="modal" data-target="#ModalFigf01"><div
class="thumbOff">{thumb}<div class="zoom"></div></div></a><div class="col-md-8"><strong>Figure 1</strong><br>Rods, see
<a href="" data-target="#ModalFigf02" class="open-asset-modal">Fig. 2</a>.</div></div>"""
DIALOG = """<div class="modal ModalFigs" id="ModalFigf0{n}" role="dialog"><h4 class="modal-title">Figure {n} Rods.</h4>
<div class="modal-body"><img src="gf0{n}.jpg"></div></div>"""


def scielo(thumb: str, *dialogs: str) -> str:
    return f"<html><body><article>{SCIELO.format(thumb=thumb)}</article>{''.join(dialogs)}</body></html>"


@pytest.mark.parametrize(
    ("thumb", "images"),
    [("", ("gf01.jpg",)), ("Thumbnail", ("gf01.jpg",)), ('<img src="thumb01.png">', ("gf01.jpg", "thumb01.png"))],
)
def test_the_image_in_the_dialog_that_a_thumbnail_opens_is_the_figures(thumb: str, images: tuple[str, ...]) -> None:
    (figure,) = figures_on(parse(scielo(thumb, DIALOG.format(n=1), DIALOG.format(n=2))))
    assert (figure.label, figure.caption, figure.images) == ("Figure 1", "Rods, see Fig. 2.", images)


def test_of_dialogs_that_share_a_name_none_is_known_to_be_the_figures() -> None:
    (figure,) = figures_on(parse(scielo("", DIALOG.format(n=1), DIALOG.format(n=1))))
    assert figure.images == ()


def test_a_figure_may_have_a_table_of_switches_and_a_film_its_first_image() -> None:
    switches = "<table><tr><td>Depth:</td><td><select><option>1</option></select></td></tr></table>"
    page = f"""<article><figure><video poster="poster.png"><source src="f.mp4"></video>{switches}
    <figcaption><b>Figure 1: Rods.</b> Move them.</figcaption></figure>
    <figure>{switches}<figcaption>Table 1: Sizes.</figcaption></figure></article>"""
    (figure,) = figures_on(parse(page))
    assert (figure.label, figure.images) == ("Figure 1", ("poster.png",))


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("Figures 7 and 8. Rods.", "Figures 7 and 8"),
        ("Figuras 7 e 8 Rods.", "Figuras 7 e 8"),
        ("Figs. 1–3. Rods.", "Figs. 1–3"),
        ("Figures 1, 2: Rods.", "Figures 1, 2"),
        ("Foto 3 Rods.", "Foto 3"),
        ("Gráfico 2. Rods.", "Gráfico 2"),
    ],
)
def test_labels_of_several_figures_and_of_photographs(printed: str, label: str) -> None:
    page = f'<article><figure><img src="a.png"><figcaption>{printed}</figcaption></figure></article>'
    assert captions(page) == [(label, "Rods.")]


def test_slides_and_pictures_of_characters_are_no_images_and_a_way_back_no_caption() -> None:
    page = """<article><figure><a href="/doi/figure.pptx?figureAssetHref=f1.png">Slide</a><img src="f1.gif">
    <figcaption>Figure 1. Rods of <img src="https://www.rsc.example/images/entities/char_2009.gif">
    <p>Silver.</p><p><a href="#f1">View in article</a></p></figcaption></figure></article>"""
    (figure,) = figures_on(parse(page))
    assert (figure.caption, figure.images) == ("Rods of Silver.", ("f1.gif",))


def test_the_word_of_a_thumbnail_is_no_part_of_the_caption_and_a_caption_about_one_is() -> None:
    sprite = "<div class='thumb' style=\"background-image: url(small.jpg)\">Thumbnail</div>"
    told = "<div class='span5'><strong>Figure 1</strong><br/>Thumbnail images of rods.</div>"
    (figure,) = figures(f"<div class='row fig'>{sprite}<div class='hide'><img src='f1.jpg'/></div>{told}</div>")
    assert (figure.label, figure.caption, figure.images) == ("Figure 1", "Thumbnail images of rods.", ("f1.jpg",))


def test_captions_that_nothing_closes_have_an_end() -> None:
    """Each was looked through with all that it holds, at five heights: minutes for a page of 200 kB."""
    began = time.process_time()
    assert figures_on(parse("<figcaption>Figure 1. Rods.</figcaption>" * 3)) == []
    assert len(figures_on(parse("<figcaption>Figure 1. Rods." * 4_000))) < 2
    assert time.process_time() - began < 20
