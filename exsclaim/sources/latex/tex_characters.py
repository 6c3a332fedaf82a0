"""Characters that TeX has commands for: accents, letters of other alphabets, signs of fonts."""

ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
LETTERS = {
    "o": "ø", "O": "Ø", "ss": "ß", "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "l": "ł", "L": "Ł",
    "i": "ı", "j": "ȷ", "ldots": "…", "dots": "…", "textellipsis": "…", "textmu": "μ", "textdegree": "°", "degree": "°",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "S": "§", "P": "¶", "textendash": "–",
    "textemdash": "—", "textbackslash": "\\", "textasciitilde": "~", "textquotesingle": "'", "textbullet": "•",
    "textohm": "Ω", "textcelsius": "°C", "textmicro": "μ", "perthousand": "‰", "textperthousand": "‰", "ohm": "Ω",
    "textonehalf": "½", "texteuro": "€",
    "textbar": "|", "textquotedblleft": "“", "textquotedblright": "”", "guillemotleft": "«",
    "guillemotright": "»", "guillemetleft": "«", "guillemetright": "»", "og": "« ", "fg": " »", "glqq": "„",
    "grqq": "“", "glq": "‚", "grq": "‘", "flqq": "«", "frqq": "»", "quotedblbase": "„", "quotesinglbase": "‚",
    "textquotedbl": '"', "textasciicircum": "^", "textquestiondown": "¿", "textexclamdown": "¡", "ier": "er",
    "iere": "re", "ieme": "e", "textdagger": "†", "textdaggerdbl": "‡", "pounds": "£", "textsterling": "£",
    "textyen": "¥", "textcent": "¢", "textordfeminine": "ª", "textordmasculine": "º", "dag": "†", "ddag": "‡",
    "DH": "Ð", "dh": "ð", "TH": "Þ", "th": "þ", "NG": "Ŋ", "ng": "ŋ", "DJ": "Đ", "dj": "đ", "textleftarrow": "←",
    "textrightarrow": "→", "textuparrow": "↑", "textdownarrow": "↓", "textsection": "§", "textparagraph": "¶",
    "textminus": "−", "textdiv": "÷", "textthreequarters": "¾", "textonesuperior": "¹", "textunderscore": "_",
    "textbraceleft": "{", "textbraceright": "}", "textdollar": "$", "textpercent": "%",
    "textonequarter": "¼", "textnumero": "№", "texttwosuperior": "²",
    "textthreesuperior": "³", "textquoteright": "’", "textquoteleft": "‘", "textless": "<", "textgreater": ">",
    "textperiodcentered": "·", "textpm": "±", "texttimes": "×", "slash": "/", "LaTeX": "LaTeX",
    "TeX": "TeX", "celsius": "°C", "micron": "μm", "um": "μm", "angstrom": "Å", "percent": "%",
}  # fmt: skip
_DINGBATS = {37: "☎", 42: "☛", 43: "☞", 72: "★", 108: "●", 110: "■", 115: "▲", 116: "▼", 117: "◆"}
"""Those of Zapf's that Unicode has in other places than the rest."""
QUOTES = {"?`": "¿", "!`": "¡", "``": "“", "''": "”", "`": "‘"}


def dingbat(code: int) -> str:
    """The character at a place of Zapf's Dingbats (package pifont): 51 is a check mark, 172 a circled one."""
    if code in range(172, 182):
        return chr(0x2460 + code - 172)
    return _DINGBATS.get(code) or (chr(0x2700 + code - 32) if 33 <= code <= 126 or 182 <= code <= 254 else "")


def space_if_needed(tex: str, at: int) -> str:
    """The space that `\\xspace` prints; none before punctuation, a tie or a space of its own."""
    rest = tex[at:].lstrip("{}")
    return (
        "" if not rest or rest[0] in ".,;:!?/'’)]}-~" or rest[0].isspace() or rest.startswith(("\\ ", "\\/")) else " "
    )
