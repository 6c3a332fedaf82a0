"""Caption text from HTML: readable indices, Greek letters, right spaces."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.sources.html.html_text import parse, text_of, tidy


def caption(html: str) -> str:
    return text_of(parse(f"<div>{html}</div>").div)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Ag<sub>2</sub>MnO<sub>4</sub>", "Ag₂MnO₄"),
        ("100\u2009mA\u2009cm<sup>−2</sup> at 5\u00a0mV\u2009s<sup>–1</sup>", "100 mA cm⁻² at 5 mV s⁻¹"),
        ("Au<sup>3+</sup> and Ag<sup>+</sup>", "Au³⁺ and Ag⁺"),
        ("the 2<sup>nd</sup> row, <i>I</i><sub>d</sub>, <i>C</i><sub><i>t</i></sub>", "the 2nd row, Id, Ct"),
        ("I<sub>420-485</sub> of M<sub>4,5</sub>", "I₄₂₀₋₄₈₅ of M4,5"),
        ("<b>a</b>, <b>b</b> Schematic (<b>a</b>)", "a, b Schematic (a)"),
        ("<p>Images.</p><p>(<b>a</b>) SEM.</p>", "Images. (a) SEM."),
        ("5&nbsp;&mu;m, 3 &Aring;, &lambda;&nbsp;&gt;&nbsp;400 nm", "5 μm, 3 Å, λ > 400 nm"),
        ('grown as before<sup><a href="#ref-CR12">12</a>,<a href="#ref-CR13">13</a></sup>.', "grown as before."),
        ('grown<sup><a href="javascript:;" class="link link-ref xref-bibr">1,2</a>\u00a0</sup> fast.', "grown fast."),
        (
            'grown.<sup>[</sup><span><sup><a href="#x-0001" class="bibLink tab-link">1</a></sup></span><sup>]</sup> So',
            "grown. So",
        ),
        ('from ref. [<span class="off-screen">Citation</span>33] with', "from ref. [33] with"),
        ("na\u0308hr\u00adboden\u200b", "nährboden"),
        ("seen<script>alert(1)</script><!-- not this --><svg><title>x</title></svg>", "seen"),
        ("line<br>break", "line break"),
        (r'error <span class="math inline">\(\pm 1\,\mu\mathrm{m}\)</span> of', "error ±1 μm of"),
        (
            r'<span class="math notranslate">\(\alpha_2\)</span>-<span class="math"><i>x</i><sub>2</sub></span>',
            "α₂-x₂",
        ),
    ],
)
def test_captions_read_as_printed(html: str, text: str) -> None:
    assert caption(html) == text


_TEX = '<script type="math/tex">5\\,\\mu\\mathrm{m}</script>'
_MML = "<math><mn>5</mn><mtext> \u03bcm</mtext></math>"


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<math><msup><mn>10</mn><mrow><mo>−</mo><mn>3</mn></mrow></msup></math>", "10⁻³"),
        ("<mml:math><mml:msub><mml:mi>N</mml:mi><mml:mn>0</mml:mn></mml:msub></mml:math>", "N₀"),
        ("<math><mi>U</mi><mo>=</mo><mo>±</mo><mn>1</mn></math>", "U = ± 1"),
        ("<math><mo>±</mo><mn>1</mn></math>", "±1"),
        (f'<span class="MathJax_Preview"></span><span class="MathJax"><nobr>5μm</nobr></span>{_TEX}', "5 μm"),
        (f'<span class="MathJax"><nobr>5</nobr><i class="MJX_Assistive_MathML">{_MML}</i></span>{_TEX}', "5μm"),
        (f'<span class="MathJax_Preview">{_MML}</span><span class="mjx-chtml">5</span>', "5μm"),
        (f"<mjx-container><mjx-math></mjx-math><mjx-assistive-mml>{_MML}</mjx-assistive-mml></mjx-container>", "5μm"),
        (f'<span class="katex"><span class="katex-mathml">{_MML}</span><b class="katex-html">5</b></span>', "5μm"),
        (f'<span class="mathjax-tex"><span class="MathJax">5</span>{_TEX}</span>', "5 μm"),
        (
            '<span class="mathjax mml-math"><code class="mathjax-code">&lt;mml:math&gt;&lt;mml:msub&gt;&lt;mml:mi&gt;SF'
            "&lt;/mml:mi&gt;&lt;mml:mn&gt;6&lt;/mml:mn&gt;&lt;/mml:msub&gt;&lt;/mml:math&gt;</code>"
            '<span class="mathjax-text">SF6</span></span> gas',
            "SF₆ gas",
        ),
        ('<span class="mathjax mml-math"><span class="mathjax-text">SF6</span></span> gas', "SF6 gas"),
        ('by <code class="mathjax-code">a &lt; b</code> and <code>f(x)</code>', "by a < b and f(x)"),
        ('<span class="texImage"><img src="data:," data-src="x/ieqn2.gif" alt="$T_2$" role="math"></span>', "T₂"),
    ],
)  # fmt: skip
def test_a_formula_is_read_once_by_its_source_whatever_scripts_drew_of_it(formula: str, text: str) -> None:
    assert caption(f"<p>of {formula} rods</p>") == f"of {text} rods"


def test_nothing_gives_nothing() -> None:
    assert text_of(None) == ""


def test_a_caption_may_be_nested_deeper_than_python_may() -> None:
    soup = parse("<div>" + "<span>" * 5000 + "deep" + "</span>" * 5000 + "</div>")
    assert text_of(soup.div) == "deep"


@given(st.text(max_size=200))
def test_tidy_text_is_one_line_of_nfc_and_stays_as_it_is(text: str) -> None:
    once = tidy(text)
    assert once == unicodedata.normalize("NFC", once) == " ".join(once.split())
    assert tidy(once) == once


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('levels.<a href="#cit34"><sup>34</sup></a><a href="#fig5">Fig. 5</a> shows', "levels. Fig. 5 shows"),
        ('levels<a href="#cit34"><sup>34</sup></a>, and', "levels, and"),
        ('levels (see<a href="#cit34"><sup>34</sup></a>).', "levels (see)."),
        (
            'Rods<span class="ref"><sup class="xref">51</sup><span class="refCtt">30 A note.</span></span>.',
            "Rods.",
        ),
        ('nm<sup>2</sup><span class="unit">wide</span>', "nm²wide"),
    ],
)
def test_where_a_raised_citation_stood_sentences_stay_apart_and_words_together(html: str, text: str) -> None:
    assert caption(html) == text


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("title", ["https://example.org/page", "results/figure.html"])
def test_a_text_that_looks_like_an_address_is_read_as_text(title: str) -> None:
    assert text_of(parse(title)) == title


@pytest.mark.parametrize("written", ["\x93gold\x94 \x96 5 \x85", "“gold” – 5 …"])
def test_signs_of_windows_in_what_is_called_latin_1_are_no_control_characters(written: str) -> None:
    assert tidy(written) == "“gold” – 5 …"
