"""Floats, and their numbers as LaTeX prints them: which are figures, counters, their forms, what resets them.

Tables are counted for the sake of the captions that refer to them.
"""

import re
from collections.abc import Mapping, Sequence

from exsclaim.sources.latex.float_items import Item
from exsclaim.sources.latex.latex_text import readable
from exsclaim.sources.latex.printed_references import TableNumber
from exsclaim.sources.latex.tex_macros import Macro, expanded

_FLOATS = r"(?:sideways|wrap|SC|margin|floating|teaser|long|dual)?figure\*?|figurehere|scheme\*?|chart\*?"
TABLES = r"(?:sideways|wrap|long|SC|deluxe)?table\*?"
_ROMAN_CLASSES = re.compile(
    r"\\document(?:class|style)\s*(?:\[[^\]]{0,500}\])?\s*\{(?P<class>revtex|IEEEtran|IEEEconf)", re.IGNORECASE
)
"""Classes that number tables and sections I, II, III."""
_TABLE_CAPTION = re.compile(r"\\(?:table)?caption(?!setup)(?![A-Za-z*])(?!\s*\[\s*\])")
_LABEL = re.compile(r"\\label\s*\{([^{}]{1,100})\}")
_NEW_FLOAT = re.compile(
    r"\\(?:newfloat|DeclareFloatingEnvironment)\s*(?:\[(?P<options>[^\]]*)\])?\s*\{(?P<name>[A-Za-z]{2,40})\}"
    r"|\\floatname\s*\{(?P<renamed>[A-Za-z]{2,40})\}\s*\{(?P<title>[^{}]{1,60})\}"
)
_FOLDERS = r"\\graphicspath\s*\{(?P<folders>(?:\s*\{[^{}]*\})+)\s*\}"
FOLDERS = re.compile(_FOLDERS)
NUMBERING = re.compile(
    r"\\(?P<change>setcounter|addtocounter)\s*\{(?P<counter>figure|scheme|chart|table|equation|(?:sub)?section|chapter)\}\s*\{(?P<value>[^{}]{1,40})\}"
    r"|\\(?:refstepcounter|stepcounter)\s*\{(?P<step>figure|scheme|table|equation|(?:sub)?section|chapter)\}"
    r"|\\(?:renewcommand\*?|providecommand|[gex]?def)\s*\{?\s*\\the(?P<of>figure|scheme|table|equation|(?:sub){0,2}section|chapter)\s*\}?\s*"
    r"\{(?P<form>(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,100}\}){0,100}\}){0,200})\}"
    r"|\\(?:renewcommand\*?|def|gdef)\s*\{?\s*\\(?P<named>figure|scheme)name\s*\}?\s*\{(?P<name>[^{}]{0,80})\}"
    r"|\\captionsetup\s*(?:\[(?P<set>figure|scheme)\])?\s*\{(?P<setup>(?:[^{}]|\{[^{}]{0,100}\}){0,300})\}"
    r"|\\DeclareCaptionLabelFormat\*?\s*\{(?P<format>[\w -]{1,40})\}\s*"
    r"\{(?P<pattern>(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,100}\}){0,100}\}){0,200})\}"
    r"|\\let\s*\\(?P<alias>[A-Za-z@]{1,40})\s*=?\s*\\the(?P<aliased>figure|scheme|table|section|chapter)(?![A-Za-z])"
    r"|\\(?P<within>numberwithin|counterwithin|counterwithout|@addtoreset)\s*(?P<star>\*?)(?:\[[^\]]{0,500}\])?\s*"
    r"\{(?P<inner>\w+)\}\s*\{(?P<outer>\w+)\}"
    r"|\\(?P<division>section|chapter)(?=\s*[\[{])|(?P<appendix>\\append(?:ix|ices)(?![A-Za-z])|\\begin\s*\{appendi(?:x|ces)\})|\\(?P<sub>begin|end)\s*\{subappendices\}|\\(?P<matter>front|main)matter(?![A-Za-z])"
    rf"|{_FOLDERS}"
)
_COUNTER = re.compile(
    r"\\@?(?P<style>arabic|roman|Roman|alph|Alph|fnsymbol)\s*(?:\{\s*(?P<name>\w+)\s*\}|\\c@(?P<bare>figure|scheme|table|section|chapter))"
    r"|\\(?:number|the)?\\?(?:value)\s*\{\s*(?P<value>\w+)\s*\}|\\(?:number|the)\\c@(?P<raw>figure|scheme|table|section|chapter)"
)
_NAME_IN_SETUP = re.compile(r"(?:^|,)\s*(?:figure|fig)?name\s*=\s*(?:\{(?P<braced>[^{}]*)\}|(?P<bare>[^,{}]*))")
_FORMAT_IN_SETUP = re.compile(r"(?:^|,)\s*labelformat\s*=\s*\{?([\w -]{1,40})")
_COMMAND = re.compile(r"\\([A-Za-z@]+)")
_THE = re.compile(r"\\the(?P<name>figure|scheme|chart|table|equation|(?:sub){0,2}section|chapter)(?![A-Za-z])(?:\{\})?")
_IN_CHAPTER = re.compile(r"\\thechapter\.(\\arabic\{(?:figure|table|equation)\})")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Numbering:
    """The counters of a document while it is read from its beginning.

    With chapters (report, book) figures begin anew in each, and are numbered within it: "Figure 2.1".
    """

    def __init__(self, macros: Mapping[str, Macro], *, has_chapters: bool = False, preamble: str = "") -> None:
        self._macros = {name: macro for name, macro in macros.items() if not name.startswith("the")}
        self._values: dict[str, int] = {}
        self._forms: dict[str, str] = {}
        self._reset_by: dict[str, set[str]] = {}
        self._aliases: dict[str, str] = {}
        self._formats: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        """The author's own forms of labels by their names, and those that are set for counters: `#1 S#2`."""
        self._names = {"figure": "Figure", "scheme": "Scheme", "chart": "Chart"}
        self.has_chapters, self._is_front, self._lettered = has_chapters, False, False
        self._reset_by = {"section": {"subsection"}, "subsection": {"subsubsection"}}
        self._forms = {
            "subsection": r"\thesection.\arabic{subsection}", "subsubsection": r"\thesubsection.\arabic{subsubsection}"
        }  # fmt: skip
        if has_chapters:
            within = ("figure", "table", "section", "equation")
            self._reset_by["chapter"] = set(within)
            self._forms |= {counter: rf"\thechapter.\arabic{{{counter}}}" for counter in within}
        elif roman := _ROMAN_CLASSES.search(preamble):
            self._lettered = roman["class"].casefold() == "revtex"
            between = "~" if self._lettered else "-"
            self._forms |= {
                "table": r"\Roman{table}", "section": r"\Roman{section}",
                "subsection": rf"\thesection{between}\Alph{{subsection}}",
                "subsubsection": rf"\thesubsection{between}\arabic{{subsubsection}}",
            }  # fmt: skip

    def apply(self, event: re.Match[str]) -> None:
        """Take note of a command that `NUMBERING` found."""
        if event["change"]:
            value = re.fullmatch(r"\s*(-?\d{1,4})\s*", event["value"])
            if value:
                before = self._values.get(event["counter"], 0) if event["change"] == "addtocounter" else 0
                self._values[event["counter"]] = before + int(value[1])
        elif event["step"]:
            self.step(event["step"])
        elif event["form"] is not None:
            self._forms[event["of"]] = event["form"]
        elif event["name"] is not None:
            self._names[event["named"]] = readable(event["name"])
        elif event["setup"] is not None:
            if named := _NAME_IN_SETUP.search(event["setup"]):
                self._names[event["set"] or "figure"] = readable(named["braced"] or named["bare"] or "")
            if form := _FORMAT_IN_SETUP.search(event["setup"]):
                self._labels[event["set"] or "figure"] = self._formats.get(form[1].strip(), "")
        elif event["format"]:
            self._formats[event["format"].strip()] = event["pattern"]
        elif event["alias"]:
            self._aliases[event["alias"]] = self._form(event["aliased"])
        elif event["within"]:
            self._bind(event["within"], event["inner"], event["outer"], with_form=not event["star"])
        elif event["division"]:
            if event["division"] != "chapter" or not self._is_front:
                self.step(event["division"])
        elif event["sub"]:
            self._number_sub_appendices(begins=event["sub"] == "begin")
        elif event["matter"]:
            self._is_front = event["matter"] == "front"
        elif event["appendix"]:
            outermost = "chapter" if self.has_chapters else "section"
            self._values[outermost] = 0
            self._forms[outermost] = f"\\Alph{{{outermost}}}"
            if self._lettered:  # equations of REVTeX's appendices are A1, A2
                self._values["equation"] = 0
                self._forms["equation"] = r"\thesection\arabic{equation}"
                self._reset_by["section"].add("equation")
            self._reset(outermost)

    def _number_sub_appendices(self, *, begins: bool) -> None:
        """Appendices of a chapter are its sections, with letters (package appendix); not so in articles."""
        if self.has_chapters:
            self._values["section"] = 0
            self._forms["section"] = rf"\thechapter.\{'Alph' if begins else 'arabic'}{{section}}"

    def step(self, counter: str) -> None:
        """Count one more."""
        self._values[counter] = self._values.get(counter, 0) + 1
        self._reset(counter)

    def label(self, counter: str, own_name: str = "") -> str:
        """The label printed before a caption: "Figure S2". `own_name`: of a float of the author's."""
        name = own_name or self._names.get(counter, counter.capitalize())
        number = self.number(counter)
        if (form := self._labels.get(counter, "")) and "#2" in form:
            return readable(expanded(form.replace("#1", name).replace("#2", number), self._macros, 500)).rstrip(" .:")
        # \\renewcommand{\\figurename}{Figure S} prints "Figure S 2", and is cited as S2
        return f"{name}{number}" if re.search(r"\sS$", name) else f"{name} {number}".strip()

    def number(self, counter: str) -> str:
        """The number as `\\ref` prints it."""
        return self._printed(self._form(counter), 0)

    def _form(self, counter: str) -> str:
        return self._forms.get(counter, f"\\arabic{{{counter}}}")

    def _bind(self, command: str, inner: str, outer: str, *, with_form: bool) -> None:
        if command == "counterwithout":
            self._reset_by.get(outer, set()).discard(inner)
            self._forms[inner] = f"\\arabic{{{inner}}}"
            return
        self._reset_by.setdefault(outer, set()).add(inner)
        if with_form and command != "@addtoreset":
            self._forms[inner] = f"\\the{outer}.\\arabic{{{inner}}}"

    def _reset(self, counter: str) -> None:
        for inner in self._reset_by.get(counter, ()):
            self._values[inner] = 0
            if inner != counter:
                self._reset(inner)

    def _printed(self, form: str, depth: int) -> str:
        if depth > 5:
            return ""
        in_chapter = _IN_CHAPTER.fullmatch(form)
        if in_chapter and not self._values.get("chapter"):
            form = in_chapter[1]
        form = _COMMAND.sub(lambda found: self._aliases.get(found[1], found[0]), form)
        form = expanded(form, self._macros, 500)
        form = _THE.sub(lambda found: self._printed(self._form(found["name"]), depth + 1), form)
        form = _COUNTER.sub(self._counted, form)
        return re.sub(r"\\[A-Za-z@]+\s*|[{}\s]", "", form)

    def _counted(self, found: re.Match[str]) -> str:
        name = found["name"] or found["bare"] or found["value"] or found["raw"]
        return _styled(self._values.get(name, 0), found["style"] or "arabic")


def _styled(value: int, style: str) -> str:
    if style in ("alph", "Alph") and 1 <= value <= 26:
        letter = chr(ord("a") + value - 1)
        return letter.upper() if style == "Alph" else letter
    if style in ("roman", "Roman") and 1 <= value < 40:
        text = ""
        for worth, sign in _ROMAN:
            text, value = text + sign * (value // worth), value % worth
        return text.upper() if style == "Roman" else text
    return str(value)


def custom_floats(tex: str) -> dict[str, str]:
    """Environments of the author's that are floats -> what is printed before their numbers."""
    floats: dict[str, str] = {}
    for found in _NEW_FLOAT.finditer(tex):
        if found["renamed"]:
            floats[found["renamed"]] = readable(found["title"])
        elif found["name"].casefold() not in ("table", "algorithm", "listing", "figure", "box", "program", "code"):
            title = re.search(r"name\s*=\s*\{?([^,{}]+)", found["options"] or "")
            floats.setdefault(found["name"], title[1].strip() if title else found["name"].capitalize())
    shown = ("fig", "scheme", "chart", "plate", "graph", "image", "photo", "map")
    return {
        name: title
        for name, title in floats.items()
        if title.casefold().lstrip().startswith(shown) or "fig" in title.casefold()
    }


def float_names(floats: Mapping[str, str]) -> str:
    """A pattern of the environments that are figures: LaTeX's, its packages' and the author's own."""
    return "|".join([_FLOATS, *(rf"{re.escape(name)}\*?" for name in floats)])


def labels_beside(items: Sequence[Item], numbering: Numbering) -> dict[str, str]:
    """Numbers that `\\ref` prints for tables in a float of figures (`\\captionof{table}{…}`), each counted."""
    labels: dict[str, str] = {}
    for item in items:
        if item.kind == "table":
            numbering.step("table")
            labels.update((name.strip(), TableNumber(numbering.number("table"))) for name in _LABEL.findall(item.text))
    return labels


def labels_of_tables(content: str, numbering: Numbering) -> dict[str, str]:
    """The text that `\\ref` prints for the labels of the tables of one float; a label before its caption is of none."""
    labels: dict[str, str] = {}
    for caption in _TABLE_CAPTION.split(content)[1:]:
        numbering.step("table")
        labels.update((name.strip(), TableNumber(numbering.number("table"))) for name in _LABEL.findall(caption))
    return labels
