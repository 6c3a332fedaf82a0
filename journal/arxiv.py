"""arXiv on loopback: its API, its OAI-PMH records, and LaTeX sources made of the demo journal's articles.

Shapes as documented at https://info.arxiv.org/help/api/user-manual.html and https://info.arxiv.org/help/oa/index.html.
"""

import gzip
import io
import re
import tarfile
from collections.abc import Collection
from html import escape, unescape
from threading import Lock
from urllib.parse import parse_qs, unquote, urlsplit

from PIL import Image

from journal.articles import DemoArticle, DemoFigure
from journal.captions import plain
from journal.replay import ROBOTS_TXT
from journal.server import Answer, not_found

PER_PAGE = 2
"""Entries of a feed at most, however many are asked for."""
NON_EXCLUSIVE = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
_TAGS = {"i": r"\emph{", "em": r"\emph{", "b": r"\textbf{", "strong": r"\textbf{", "sub": "$_{", "sup": "$^{"}
_SOURCE = re.compile(r"/export\.arxiv\.org/e-print/(?P<id>\d{4}\.\d{5})v(?P<version>\d+)")


class DemoArxiv:
    """Routes of arXiv. `withdrawn` names articles whose authors took them back.

    Of each article the first figure is submitted as PDF, the second in two halves as `\\subfloat`; the others as they
    are. Articles that are not open are under arXiv's own licence.
    """

    def __init__(self, articles: Collection[DemoArticle], withdrawn: Collection[str] = ()) -> None:
        self.articles = {f"2601.{number:05d}": article for number, article in enumerate(articles, start=1)}
        self._withdrawn = frozenset(withdrawn)
        self._submissions: dict[str, bytes] = {}
        self._lock = Lock()

    def __call__(self, target: str) -> Answer:
        parts = urlsplit(target)
        path, fields = unquote(parts.path), {name: value[0] for name, value in parse_qs(parts.query).items()}
        if path.endswith("/robots.txt"):
            return Answer(ROBOTS_TXT, "text/plain")
        if path == "/export.arxiv.org/api/query":
            return self._feed(fields)
        if path == "/oaipmh.arxiv.org/oai":
            return self._record(fields.get("identifier", "").removeprefix("oai:arXiv.org:"))
        if (asked := _SOURCE.fullmatch(path)) and (article := self.articles.get(asked["id"])):
            return Answer(self._submission(article), "application/gzip")
        return not_found(target)

    def _submission(self, article: DemoArticle) -> bytes:
        with self._lock:
            if article.name not in self._submissions:
                self._submissions[article.name] = submission(article)
            return self._submissions[article.name]

    def _feed(self, fields: dict[str, str]) -> Answer:
        wanted, start = fields.get("search_query", ""), int(fields.get("start", "0"))
        hits = [id for id, article in self.articles.items() if matches(article, wanted)]
        # the API gives as many as are asked for; a stand-in of six articles would have but one page
        shown = hits[start : start + min(PER_PAGE, int(fields.get("max_results", "10")))]
        entries = "".join(
            f"<entry><id>http://arxiv.org/abs/{id}v2</id><title>{escape(plain(self.articles[id].title))}</title>"
            f"<published>{self.articles[id].published}T00:00:00Z</published></entry>"
            for id in shown
        )
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
            '<title type="html">ArXiv Query</title>'
            '<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
            f"{len(hits)}</opensearch:totalResults>{entries}</feed>"
        )
        return Answer(body.encode(), "application/atom+xml")

    def _record(self, id: str) -> Answer:
        article = self.articles.get(id)
        if article is None:
            content = '<error code="idDoesNotExist">no such e-print</error>'
        else:
            names = (author.rpartition(" ") for author in article.authors)
            authors = "".join(
                f"<author><keyname>{escape(family)}</keyname><forenames>{escape(given)}</forenames></author>"
                for given, _, family in names
            )
            comments = (
                "This paper has been withdrawn by the authors" if article.name in self._withdrawn else "4 figures"
            )
            content = (
                '<GetRecord><record><header/><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/">'
                f"<id>{id}</id><created>{article.published}</created><authors>{authors}</authors>"
                f"<title>{escape(latex(article.title))}</title><categories>cond-mat.mtrl-sci</categories>"
                f"<comments>{comments}</comments><doi>{article.doi}</doi>"
                f"<license>{article.licence.url if article.licence else NON_EXCLUSIVE}</license>"
                "</arXiv></metadata></record></GetRecord>"
            )
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{content}</OAI-PMH>'
        return Answer(body.encode(), "text/xml")


def submission(article: DemoArticle) -> bytes:
    """The gzipped tar of an article's LaTeX and images."""
    files: dict[str, bytes] = {}
    floats = []
    for figure in article.figures:
        names, images = _images(figure)
        files |= {f"figures/{name}": image for name, image in zip(names, images, strict=True)}
        floats.append(_float(figure, names))
    files["sections/results.tex"] = "\n".join(floats).encode()
    files["main.tex"] = (
        "\\documentclass{article}\n\\usepackage{graphicx,subfig}\n\\graphicspath{{figures/}}\n"
        f"\\begin{{document}}\n\\title{{{latex(article.title)}}}\n\\maketitle\n"
        "% \\begin{figure}\\caption{An old one}\\end{figure}\n\\input{sections/results}\n\\end{document}\n"
    ).encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), compresslevel=1, mtime=0)


def _images(figure: DemoFigure) -> tuple[list[str], list[bytes]]:
    stem, content = f"fig{figure.number}", figure.image.read_bytes()
    if figure.number > 2:
        return [f"{stem}{figure.image.suffix}"], [content]
    with Image.open(io.BytesIO(content)) as image:
        picture = image.convert("RGB")
    if figure.number == 1:
        file = io.BytesIO()
        picture.save(file, "PDF", resolution=300.0)
        return [f"{stem}.pdf"], [file.getvalue()]
    halves = (0, 0, picture.width // 2, picture.height), (picture.width // 2, 0, picture.width, picture.height)
    files = [io.BytesIO() for _ in halves]
    for box, file in zip(halves, files, strict=True):
        picture.crop(box).save(file, "PNG", compress_level=1)
    return [f"{stem}{letter}.png" for letter in "ab"], [file.getvalue() for file in files]


def _float(figure: DemoFigure, names: list[str]) -> str:
    stems = [name.rpartition(".")[0] for name in names]
    if len(names) == 1:
        images = f"\\includegraphics[width=\\linewidth]{{{stems[0]}}}"
    else:
        images = "\\hfill\n".join(
            f"\\subfloat[]{{\\includegraphics[width=0.49\\linewidth]{{{stem}}}}}" for stem in stems
        )
    caption = f"{latex(figure.title)} {latex(figure.caption)}".strip()
    label = f"\\label{{f{figure.number}}}"
    return f"\\begin{{figure}}\n\\centering\n{images}\n\\caption{{{caption}}}{label}\n\\end{{figure}}\n"


def latex(html: str) -> str:
    """Simple HTML as LaTeX."""
    pieces = re.split(r"(</?\w+>)", html)
    open_tags: list[str] = []
    out = ""
    for piece in pieces:
        if found := re.fullmatch(r"<(/?)(\w+)>", piece):
            if found[1]:
                out += "}$" if open_tags.pop() in ("sub", "sup") else "}"
            else:
                open_tags.append(found[2])
                out += _TAGS[found[2]]
        else:
            out += re.sub(r"([%&#_$])", r"\\\1", unescape(piece))
    return out


def matches(article: DemoArticle, expression: str) -> bool:
    """True if an article meets an expression of the form that the source sends."""
    if span := re.search(r"submittedDate:\[(\d{8})\d{4} TO (\d{8})\d{4}\]", expression):
        day = f"{article.published:%Y%m%d}"
        if not span[1] <= day <= span[2]:
            return False
    groups = re.findall(r"\(([^()]*)\)", expression)
    return all(any(phrase.lower() in article.text for phrase in re.findall(r'"([^"]*)"', group)) for group in groups)
