"""Captions in LaTeX as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exsclaim.sources.latex.latex_text import readable
from exsclaim.sources.latex.tex_macros import MAX_EXPANSION, expanded, macros_of
from exsclaim.sources.latex.tex_source import flattened, resolved, without_comments

PREAMBLE = r"""
\newcommand{\um}{\,\mu\mathrm{m}} \newcommand{\ag}[1]{Ag$_{#1}$S} \def\etal{\emph{et al.}} \def\pair#1#2{#1--#2}
\newcommand{\sample}[2][x]{#1-#2} \DeclareMathOperator{\sgn}{sgn} \newcommand\TiO{TiO$_2$}
"""


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"(a) SEM image of \ag{2}, scale bar: 5~\textmu m. \textbf{(b)} HAADF--STEM.",
         "(a) SEM image of Ag₂S, scale bar: 5 μm. (b) HAADF–STEM."),
        (r"Size $5\um$ of \sample{A}, \sample[y]{B}, \pair{1}{2} and \TiO films.",
         "Size 5 μm of x-A, y-B, 1–2 and TiO₂films."),
        (r"Grown as by Smith \etal~\cite{x,y}. More~\cite[p.~3]{z} (\cite{q}).", "Grown as by Smith et al. More."),
        (r"Shown in Fig.~\ref{fig:a}(b) and \ref{none}", "Shown in Fig. 3(b) and"),
        (r"\SI{5}{\nano\meter}, \SIrange{1}{3}{\kilo\volt\per\centi\meter}, \num{1.5e-3}, \qty{10}{nm}, \ang{45}",
         "5 nm, 1 kV cm⁻¹ to 3 kV cm⁻¹, 1.5×10⁻³, 10 nm, 45°"),
        (r"$10^{-9}$\,\unit{m^2\,s^{-3}}", "10⁻⁹ m² s⁻³"),
        (r"\unit{\meter\per\second\squared} and \si{m.s^{-1}}", "m s⁻² and m s⁻¹"),
        (r"\label{fig:x}{\bf a}, {\it in situ} Schr\"odinger, na\"{\i}ve, \v{S}koda, \aa, \o{}, \ss",
         "a, in situ Schrödinger, naïve, Škoda, å, ø, ß"),
        (r"$\alpha\text{-Fe}$, $x-y$, $\text{cm}^{-1}$, $10^{\text{-3}}$", "α-Fe, x−y, cm⁻¹, 10⁻³"),
        (r"\SI{5}{\mu m}, $\unit[5]{\mu m}$, \SI{2}{\degree C}, \SI{3}{\Omega}, \SI{4}{\micro m},"
         r" \SI{5}{\metre/\second}",
         "5 μm, 5 μm, 2 °C, 3 Ω, 4 μm, 5 m/s"),
        (r"\ang{30;15;}, \SI{5}{\metre\tothe{4}}, \SI{5}{\raiseto{4}\metre}, \SI{1}{\kilo\metre\per\second}",
         "30°15′, 5 m⁴, 5 m⁴, 1 km s⁻¹"),
        (r"\SI{20}{\nm \meV}, \SI{250}{m\tesla}, $\lbrack\ce{H2O}\rbrack$, $\Delta\SI{5}{nm}$",
         "20 nm meV, 250 mT, [H₂O], Δ5 nm"),
        (r"8\,\text{Te\hspace{-.08em}V}, $8\,\mathrm{Te\kern-0.1em V}$, $a\!b$, Te\kern -.1em V, x\hspace{2mm}y",
         "8 TeV, 8 TeV, ab, TeV, x y"),
        (r"Rods\citing{kumar_2016}, wires\upcite{a,b}, \excite{electrons in gold}", "Rods, wires, electrons in gold"),
        (r"\ce{CuSO4.5H2O}, \ce{CaSO4*2H2O}, \ce{LiNi0.5Mn1.5O4}", "CuSO₄·5H₂O, CaSO₄·2H₂O, LiNi0.5Mn1.5O₄"),
        (r"$\varPhi$, $\varGamma_1$, $\varsigma$, $a \updownarrow b$, \textbar x\textbar, x\^{}2",
         "Φ, Γ₁, ς, a ↕b, |x|, x^2"),
        (r"$\underbrace{a+b}_{c}$, $\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}$,"
         r" $f = \begin{cases}1 & x\\0 & y\end{cases}$",
         "a+bc, (1 2; 3 4), f = 1 x; 0 y"),
        (r"\rotatebox{90}{up}, \parbox{2cm}{box}, \fcolorbox{red}{blue}{framed}, \makebox[1cm][l]{left}",
         "up, box, framed, left"),
        (r"\enquote{rods}, \og tiges \fg{}, \guillemotleft x\guillemotright, \glqq y\grqq{}, ?`Qu\'e? !`Hola!",
         "“rods”, « tiges », «x», „y“, ¿Qué? ¡Hola!"),
        ("图中\n显示了\n SEM 图像\nof rods", "图中显示了 SEM 图像 of rods"),
        (r"\ensuremath{x_2^{-1}} and $\{111\}$ of \{100\}", "x₂⁻¹ and {111} of {100}"),
        (r"\ce{H2O}, \ce{TiO2}, \ce{SO4^2-}, \ce{Ag+}", "H₂O, TiO₂, SO₄²⁻, Ag⁺"),
        (r"\ce{Li_{x}Ni_{0.8}Co_{15}O_2}, \ce{Li_xMO2}, \ce{A_{}B}", "LixNi0.8Co₁₅O₂, LixMO₂, AB"),
        (r"50\% \& more \$5 \#1 a\_b", "50% & more $5 #1 a_b"),
        (r"$\alpha$-Fe$_2$O$_3$ $[1\bar{1}0]$ $\frac{a}{b+c}$ \(x^{2}\) $10^{-3}$\,cm$^{-2}$ 300\,$^\circ$C",
         "α-Fe₂O₃ [11̄0] a/(b+c) x² 10⁻³ cm⁻² 300 °C"),
        (r"\textcolor{red}{Red} {\color{blue} blue} \foo{bar} \unknown text \\ next \hspace{1cm} line",
         "Red blue bar text next line"),
        (r"``quoted'' and nature's text\footnote{no}", "“quoted” and nature's text"),
        (r"a\textsuperscript{2+}, b\textsubscript{3}, \href{http://x}{link}", "a²⁺, b₃, link"),
        (r"3.5 \AA\ and 2$\times$2", "3.5 Å and 2 × 2"),
        (r"\replaced[id=R1]{Silver}{Gold} rods \deleted{of iron}\DIFdel{and lead}, \DIFaddbegin\DIFadd{new}",
         "Silver rods, new"),
        (r"Rods.\begin{itemize}\item[(a)] before \item[(b)] after \item all\end{itemize}",
         "Rods. (a) before (b) after all"),
        (r"Field \verb|x_y| of \verb+a|b+ and \verb*", "Field x_y of a|b and"),
        (r"\tikz[baseline]\draw[red] (0,0)--(1,0); line, \tikz{\fill (0,0) circle (2pt);} dots; \begin{tikzpicture}"
         r"\draw (0,0);\end{tikzpicture}bars; \begin{em}text\end{em}", "line, dots; bars; text"),
        (r"Rods \begin{enumerate}[label=(\alph*)]\item one \item two\end{enumerate}\begin{compactenum}[A.]\item x"
         r"\end{compactenum}\begin{enumerate}\item y\end{enumerate}", "Rods (a) one (b) two A. x 1. y"),
        (r"\unit[5]{nm}, \unit[per-mode=symbol]{nm}, \unitfrac[5]{m}{s}, \nicefrac{1}{2}, $\sfrac{1}{2}$, \frac12",
         "5 nm, nm, 5 m/s, 1/2, 1/2, 1/2"),
        (r"\ding{51}, \ding{110} rods, \ding{172}, \ding{x}; \ion{Fe}{ii} lines", "✓, ■ rods, ①,; Fe II lines"),
        (r"\ifstrempty{}{none}{some}, \ifstrempty{x}{none}{some}{}", "none, some"),
        (r"\ifstrequal{333}{333}{NMC}{NCA}, \ifstrequal{532}{333}{NMC}{NCA}, \ifthenelse{\equal{a}{ a}}{yes}{no},"
         r" \ifthenelse{\boolean{draft}}{draft}{final}", "NMC, NCA, yes, final"),
        (r"\isotope[13]{C}, \isotope[238][92]{U}, \ce{O2 ->[$h\nu$] \alpha}", "¹³C, ²³⁸₉₂U, O₂ →[hν] α"),
        ("two\n\nparagraphs\n in one", "two paragraphs in one"),
        (r"left {open and $x and \ ", "left open and x and"),
        ("", ""),
    ],
)  # fmt: skip
def test_captions_read_as_printed(tex: str, text: str) -> None:
    assert readable(tex, macros_of(PREAMBLE), {"fig:a": "3"}) == text


def test_comments_are_not_read_but_percent_signs_are() -> None:
    assert without_comments("a% x\n  b\\% c\\\\% y\nd") == "ab\\% c\\\\d"
    seen = resolved(without_comments("a\\begin{comment}\\caption{x}\\end{comment}b \\iffalse c\\fi d"))
    assert seen.split() == ["ab", "d"]


def test_files_that_include_one_another_come_to_an_end() -> None:
    files = {
        "main.tex": r"1 \input{a} \include{sub/b} \input{none} \import{sub/}{c}",
        "a.tex": r"2 \input{main} \input a",
        "sub/b.tex": r"3 \input{c}",
        "sub/c.tex": "4",
    }
    imported = r"\graphicspath{{/sub/}}4\graphicspath{{/./}}"
    assert flattened(files, "main.tex").split() == ["1", "2", "3", "4", "\\input{none}", imported]


def test_commands_that_call_themselves_come_to_an_end() -> None:
    macros = macros_of(r"\def\a{\b\b}\def\b{\a\a}\newcommand{\c}[1]{#1#1#1\c{#1#1}}")
    assert len(expanded(r"\a \c{xyz}", macros)) <= 2 * MAX_EXPANSION


@given(st.text(alphabet="\\{}[]$^_~%&#abc1 \n-'`", max_size=300))
def test_any_tex_gives_one_line(tex: str) -> None:
    text = readable(tex, macros_of(tex))
    assert text == " ".join(text.split())


def test_deep_nesting_does_no_harm() -> None:
    assert readable("{" * 5000 + "x" + "}" * 5000) in ("", "x")
    assert readable(r"\emph{" * 3000 + "x") is not None


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\SIlist{1;2;5}{\nm} bars", "1 nm, 2 nm and 5 nm bars"), (r"\numrange{3}{4}", "3 to 4"),
        (r"\SIrange[range-phrase=--]{1}{2}{\um}", "1 μm–2 μm"), (r"\qtyrange{1}{3}{\nano\metre}", "1 nm to 3 nm"),
        (r"\numlist{1;2;3}", "1, 2 and 3"), (r"25\textcelsius", "25°C"), (r"$d=0.25\,\mathrm{nm}$", "d = 0.25 nm"),
        (r"$5~\si{\micro\metre}$", "5 μm"), (r"$5\,{\rm nm}$ $a\,\text{nm}$", "5 nm a nm"),
        (r"($\sqrt{3}\times\sqrt{3}$)R30$^\circ$", "(√3 × √3)R30°"), (r"$\sqrt[3]{x+1}$", "³√(x+1)"),
        (r"$\hat{H}$ $\vec{k}$ $\dot{x}$ $b\bmod W$", "Ĥ k⃗ ẋ b mod W"), (r"$\tilde{\nu}$ $\hat n$", "ν̃ n̂"),
        (r"$\frac{a_{1}}{b^{2}}$", "a₁/b²"), (r"$\sin\theta+\log x$", "sin θ+log x"),
        (r"$\Delta E = 3\ \mathrm{eV}$", "ΔE = 3 eV"), (r"$\mathrm{Fe}_3\mathrm{O}_4$", "Fe₃O₄"),
    ],
)  # fmt: skip
def test_quantities_and_formulas_have_their_spaces_and_units(tex: str, text: str) -> None:
    assert readable(tex) == text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\SI{10}{mV_{pp}} and \SI{10}{mV_p}", "10 mVpp and 10 mVp"),
        (r"\qty{\approx 80}{\um}, \qty{\sim5}{\nm}", "≈80 μm, ∼5 nm"),
        (r"\SI{10^{5}}{\pascal}, \SI{1.5e-3}{\volt}", "10⁵ Pa, 1.5×10⁻³ V"),
        (r"\SI{7}{\deci\bel}, \SI{5}{\uW}, \SI{3}{\umol}", "7 dB, 5 μW, 3 μmol"),
        (r"$\lambda\approx\numprint{2.5}$, \numprint[km]{5}", "λ ≈ 2.5, 5 km"),
        (r"$\vb{M}(E)$ and $\vb*{k}$", "M(E) and k"),
        (r"$\dv{y}{x}$, $\dv[2]{y}{x}$, $\pdv{f}{x}$, $\dv{x}$", "dy/dx, d²y/dx², ∂f/∂x, d/dx"),
        (r"$\ket{\psi}$, $\braket{a|b}$, $\braket{a}{b}$, $\abs{x}$, $\norm{x}$", "|ψ⟩, ⟨a|b⟩, ⟨a|b⟩, |x|, ‖x‖"),
        (r"5\permil{} of \textbeta-rods", "5‰ of β-rods"),
        (r"a\hskip 1em b $c\mkern-1mu d$", "a b cd"),
        (r"\textbf{A}\penalty10000 For each \hskip 1em plus 2pt minus 1pt fish", "A For each fish"),
        (
            r"\looseness=-1 \parskip 3pt\noindent 5 nm \raise2pt\hbox{rods} \hbox to 3cm{of}\smallskip 3 mm",
            "5 nm rods of 3 mm",
        ),
        (r"\begin{spacing}{0.9}Rods\linebreak[4]of \linespread{0.9}tin\end{spacing}", "Rods of tin"),
        (r"Shown in \siref{app:scatter_5}. \myref{Rods}.", "Shown in. Rods."),
        (r"\PEO{} rods, \TFSI, \foo{} wires", "PEO rods, TFSI, wires"),
        (r"\TTWO and \TTHREE levels, \foo wires", "TTWO and TTHREE levels, wires"),
        (r"$x_1,\hdots,x_N$ ($\blacktriangle$)", "x₁,…,xN (▲)"),
    ],
)
def test_commands_of_packages_are_printed(tex: str, text: str) -> None:
    assert readable(tex) == text


@pytest.mark.parametrize("broken", [r"Rods.\\", r"Rods.\\ ", "Rods.\\", r"Rods.\newline"])
def test_a_line_that_is_broken_at_the_end_leaves_no_stroke(broken: str) -> None:
    assert readable(broken) == "Rods."


def test_a_command_that_stands_for_another_one_takes_its_arguments() -> None:
    macros = macros_of(
        r"\newcommand{\mycite}{\citep}\newcommand{\seefig}{\ref}\newcommand{\al}{\alpha}\newcommand{\bld}{\textbf}"
    )
    text = (
        r"From \mycite{Smith2012} and \mycite[p. 2]{Jones}, \bld{rods} of \al x in Fig.~\seefig{fig:a}; \al{} y, \al b."
    )
    assert readable(text, macros, {"fig:a": "3"}) == "From and, rods of αx in Fig. 3; α y, αb."
