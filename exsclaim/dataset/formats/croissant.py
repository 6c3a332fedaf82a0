"""Export with Croissant metadata: the Hugging Face folder, and croissant.json that describes its panels.

https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

import hashlib
import json

from exsclaim.dataset.columns import COLUMNS
from exsclaim.dataset.formats import Chosen, hugging_face
from exsclaim.dataset.tables import Row
from exsclaim.dataset.transaction import Transaction

_TYPES = {"text": "sc:Text", "number": "sc:Float", "yes/no": "sc:Boolean"}
_CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type":
    "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract", "field": "cr:field", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "recordSet": "cr:recordSet", "repeated": "cr:repeated",
    "replace": "cr:replace", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "transform": "cr:transform", "key": "cr:key", "md5": "cr:md5", "references": "cr:references", "regex": "cr:regex",
    "jsonPath": "cr:jsonPath", "isLiveDataset": "cr:isLiveDataset", "parentField": "cr:parentField", "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/", "samplingRate": "cr:samplingRate", "subField": "cr:subField",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "fileProperty": "cr:fileProperty",
}  # fmt: skip


def write(chosen: Chosen, files: Transaction) -> None:
    """The files of the format `hf`, and `croissant.json`."""
    hugging_face.write(chosen, files)
    objects = [_file(files, name) for name in files.names("data/**/*.parquet")]
    content = {
        "@context": _CONTEXT, "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": chosen.dataset.folder.name,
        "description": "Panels of figures of scientific articles, made by EXSCLAIM; see README.md.",
        "license": "https://choosealicense.com/licenses/other/", "url": "https://arxiv.org/abs/2103.10631",
        "citeAs": "Schwenker et al., Patterns 4, 100843 (2023)",
        "version": f"1.0.0+{chosen.dataset.versions[0].digest}" if chosen.dataset.versions else "1.0.0",
        "datePublished": _published(chosen), "distribution": objects,
        "recordSet": [_records(each["@id"]) for each in objects],
    }  # fmt: skip
    files.write("croissant.json", json.dumps(content, indent=1).encode() + b"\n")


def _published(chosen: Chosen) -> str:
    """Day of the newest harvest, which begins its id."""
    newest = chosen.dataset.versions[0].harvest if chosen.dataset.versions else ""
    return newest[:10] or "1970-01-01"


def _file(files: Transaction, name: str) -> Row:
    with files.path(name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "@type": "cr:FileObject", "@id": name.removeprefix("data/").removesuffix(".parquet").replace("/", "-"),
        "name": name.rpartition("/")[2], "contentUrl": name, "encodingFormat": "application/x-parquet",
        "sha256": digest,
    }  # fmt: skip


def _records(file: str) -> Row:
    fields = {
        column.stored: column for column in COLUMNS.values() if column.kind in _TYPES and column.stored != "doubts"
    }
    return {
        "@type": "cr:RecordSet", "@id": f"panels-{file}", "name": f"panels-{file}",
        "field": [
            {
                "@type": "cr:Field", "@id": f"panels-{file}/{name}", "name": name, "description": column.doc,
                "dataType": _TYPES[column.kind],
                "source": {"fileObject": {"@id": file}, "extract": {"column": name}},
            }
            for name, column in fields.items()
        ],
    }  # fmt: skip
