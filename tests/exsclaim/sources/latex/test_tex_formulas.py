r"""Short TeX formulas in captions become plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.sources.html.html_text import parse, text_of
from exsclaim.sources.latex.tex_formulas import plain


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"\(5\,\upmu \mathrm{m}\)", "5 μm"),
        (r"\({\mathrm{cm}}^{-1}\)", "cm⁻¹"),
        (r"\({\text{Ag}}_{2}{\text{S}}\)", "Ag₂S"),
        (r"\([1\bar{1}0]\)", "[11\u03040]"),
        (r"\([1\bar 10]\)", "[11\u03040]"),
        (r"\(2\theta = 30^{\circ}\)", "2θ = 30°"),
        (r"\(\lambda \ge 400\)", "λ ≥ 400"),
        (r"\(\Gamma\)-point", "Γ-point"),
        (r"$$I_d \times 10^5$$", "Id × 10⁵"),
        (r"\({unbalanced^{\)", "unbalanced^"),
        (r"\(\unknown{x}\)", "unknownx"),
        (r"\(\{111\}\)", "{111}"),
        (r"\(10^{17.5}\) eV", "10^17.5 eV"),
        (r"\(2^{1/2}\)", "2^1/2"),
        (r"\(10^{-0.5}\)", "10^-0.5"),
        (r"\(1.19^{+0.41}_{-0.39}\)", "1.19+0.41-0.39"),
        (r"\(\prescript{233}{92}{\mathrm{U}}\)", "²³³₉₂U"),
        (r"\({111}\)", "111"),
        (r"\(\left\{\frac{\{a\}}{b}\right\}\)", "{{a}/b}"),
        (r"\(x\in\frac{a}{b}\)", "x∈a/b"),
        (r"\(\epsilon\gtrapprox\order{n^2}\)", "ε⪆O(n²)"),
        (r"\(A\coloneq\bigcup B^\intercal\)", "A≔⋃B⊺"),
        (r"\(\divide x\)", "dividex"),
        (r"\(\copy x\)", "copyx"),
        (r"\(\lbrace 1\bar{1}0\rbrace\)", "{11\u03040}"),
    ],
)
def test_units_greek_and_indices_are_readable(formula: str, text: str) -> None:
    assert " ".join(plain(formula).split()) == text


def test_formulas_in_a_caption_join_its_text() -> None:
    html = (
        r'<p>Bar, <span class="mathjax-tex">\(5\,\mu\)</span>m, along <span class="mathjax-tex">\([010]\)</span>.</p>'
    )
    assert text_of(parse(html).p) == "Bar, 5 μm, along [010]."


@given(st.text(alphabet="\\{}^_$()ab1 barmathrm", max_size=300))
def test_no_formula_fails_and_no_command_is_left(formula: str) -> None:
    text = plain(formula)
    assert "\\" not in text
    assert text.count("{") <= formula.count("\\{")
    assert text.count("}") <= formula.count("\\}")
