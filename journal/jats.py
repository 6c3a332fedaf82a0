"""The demo journal's articles as JATS (https://jats.nlm.nih.gov/archiving/), as publishers deliver them to archives."""

import re
from html import escape

from journal.articles import JOURNAL, DemoArticle, DemoFigure

_TAGS = {"i": "italic", "b": "bold", "em": "italic", "strong": "bold"}


def article_jats(article: DemoArticle, pmcid: str = "") -> bytes:
    """The whole article. Graphics are named without their endings, as PMC does it (`graphic_name`)."""
    number = f'<article-id pub-id-type="pmcid">{pmcid}</article-id>' if pmcid else ""
    authors = "".join(map(_author, article.authors))
    date = article.published
    figures = "".join(_figure(article, figure) for figure in article.figures)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC
 "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD with MathML3 v1.3 20210610//EN"
 "JATS-archivearticle1-3-mathml3.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ali="http://www.niso.org/schemas/ali/1.0/"
 article-type="research-article"><front><journal-meta><journal-title-group><journal-title>{escape(JOURNAL)}</journal-title>
</journal-title-group></journal-meta><article-meta>{number}<article-id pub-id-type="doi">{article.doi}</article-id>
<title-group><article-title>{markup(article.title)}</article-title></title-group>
<contrib-group>{authors}</contrib-group>
<pub-date pub-type="epub"><day>{date.day}</day><month>{date.month}</month><year>{date.year}</year></pub-date>
<permissions>{_licence(article)}</permissions><abstract><p>{markup(article.abstract)}</p></abstract></article-meta></front>
<body><sec><title>Results</title>{figures}</sec></body></article>
""".encode()


def graphic_name(article: DemoArticle, figure: DemoFigure) -> str:
    """The file of a figure's image, without its ending."""
    return f"{article.name}-g{figure.number:03d}"


def markup(html: str) -> str:
    """Simple HTML with JATS's names for its elements."""

    def renamed(tag: re.Match[str]) -> str:
        return f"<{tag[1]}{_TAGS.get(tag[2], tag[2])}>"

    return re.sub(r"<(/?)(\w+)>", renamed, html)


def _author(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return (
        f'<contrib contrib-type="author"><name><surname>{escape(family)}</surname>'
        f"<given-names>{escape(given)}</given-names></name></contrib>"
    )


def _figure(article: DemoArticle, figure: DemoFigure) -> str:
    return (
        f'<fig id="f{figure.number}" position="float"><label>{escape(figure.label)}</label>'
        f"<caption><title>{markup(figure.title)}</title><p>{markup(figure.caption)}</p></caption>"
        f'<graphic xlink:href="{graphic_name(article, figure)}"/></fig>'
    )


def _licence(article: DemoArticle) -> str:
    if article.licence is None:
        return "<copyright-statement>All rights reserved.</copyright-statement>"
    return (
        f"<license><ali:license_ref>{article.licence.url}</ali:license_ref>"
        f"<license-p>Made up, under a {escape(article.licence.title)}.</license-p></license>"
    )
