"""Words of labels in many languages: what figures and tables are called, and what says that one goes on.

Most languages set the number behind the word ("Abb. 2", "图 3"), some before it ("2. ábra", "2 pav.", "2-rasm").
"""

import re

FIGURE = (
    r"Fig(?:ure\s?\.?|\s?\.|u?ur(?=\s)|(?=\s?[-–]?\d)|(?=\s?(?-i:[A-Z]{1,2})\d))|Ffigur|Abbildung|Abb(?:\.|(?=\s?\d))|Bild(?=\s\d)|Figur[aă]|Foto(?=\s\d)"
    r"|Рис\.|Рисунок|Фиг\.|Фигура|Слика|Сл\.|Мал\.|Малюнок|Сурет|Сүрөт|Зураг"
    r"|Rys\.|Rysunek|Ryc\.|Rycina|Obr\.|Obrázek|Obrázok|Slika(?=\s\d)|Sl\.|Kuva(?=\s\d)|Joonis|Pav\.|Att\."
    r"|Şekil|Şəkil|Gambar|Rajah|Afbeelding|Afb\.|Hình|Σχήμα|Σχ\.|Εικόνα|Εικ\.|Mynd(?=\s\d)|Irudia"
    r"|รูปที่|ภาพที่|चित्र|[附续續]?[图圖図]|그림"
)
TABLE = (
    r"Table(?:au)?|Tabelle|Tabell|Tabella|Tabela|Tabla|Tabulka|Tablo|Таблица|Таблиця|Табл\.|Taulukko|ตารางที่"
    r"|[附续續]?表|표"
)
OTHERS = (
    r"Scheme|Chart|Plate|Box|Algorithm|Listing|(?:Map|Photo|Graph|Image|Diagram|Illustration)(?=\s\d)"
    r"|(?:Schéma|Schema|Esquema|Graphique|Gráfic[oa]|Grafico|Grafik|Graf|Diagramm|Διάγραμμα|Wykres|Fot\.|Kuvio|Resim"
    r"|Ilustración|Imagen|Imagem|Immagine)(?=\s?\d)"
)
"""What is numbered apart from the figures."""
BEHIND_FIGURE = r"ábra|kép|pav\.|paveikslas|attēls|att\.|irudia|mynd|rasm|сурет|сүрөт|şəkil"
BEHIND_TABLE = r"táblázat|lentelė|tabula|taula|tafla|jadval|кесте|cədvəl"
"""What stands behind its number, which may have a full stop or a dash between: "2. ábra", "2 pav", "2-rasm"."""

_GOES_ON = (
    r"continu(?:ed|ation|aci[oó]n|aç[aã]o|ación|azione)|concluded|cont['’`´]?\s?d|cont|fortsetzung|forts(?:att|atte)?"
    r"|fortsættelse|fortsättning|vervolg|jatkuu|jatkoa|pokračov[aá]n(?:í|ie)|продолжение|окончание|продовження"
    r"|закінчення|продължение|наставак|nastavak|nadaljevanje|folytatás|lanjutan|sambungan|συνέχεια|tęsinys"
    r"|turpinājums|järg|(?:の)?続き|つづき|계속"
)
_GOES_ON_ALONE = (
    r"suite(?:\s+et\s+fin)?|fin|segue|continua|cd|c\.\s?d|ciąg\s+dalszy|dok|devam[ıi]?|davamı|tiếp(?:\s+theo)?|续|續|続"
)
"""Words that may begin a caption of their own ("CD spectra"): they count in brackets, or where nothing follows."""
CONTINUED = re.compile(
    rf"\W*(?:\(?\s*(?:{_GOES_ON})(?![^\W\d_])|[(（]\s*(?:{_GOES_ON_ALONE})\s*\.?\s*[)）]|(?:{_GOES_ON_ALONE})\W*$)"
    r"(?:\s+(?:from|from\s+the|on|de|von)\s[^.)]*)?[\s.:)）\]…–—-]*",
    re.IGNORECASE,
)
"""What says in a caption, behind its label, that it is the rest of a figure."""
CONTINUED_LABEL = re.compile("[续續]")
