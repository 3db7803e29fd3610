"""The catalogue of an issue as DCAT-AP 3: catalogue, dataset series, dataset, one distribution for each data file."""

import json
from collections.abc import Sequence

from django.conf import settings
from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from thucthi.public_site.rendering.opendata.package import CONVENTIONS_EN, CONVENTIONS_VI, DataFile, Described
from thucthi.publication.shapes import Header

SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
MEDIA = "https://www.iana.org/assignments/media-types/"
FILE_TYPES = {
    "text/csv": f"{EU}file-type/CSV",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": f"{EU}file-type/XLSX",
    "application/vnd.apache.parquet": f"{EU}file-type/PARQUET",
    "application/json": f"{EU}file-type/JSON",
}
FREQUENCIES = {"weekly": f"{EU}frequency/WEEKLY", "monthly": f"{EU}frequency/MONTHLY"}
THEME = URIRef(f"{EU}data-theme/GOVE")
LANGUAGES = (URIRef(f"{EU}language/VIE"), URIRef(f"{EU}language/ENG"))
COUNTRY = URIRef(f"{EU}country/VNM")


def address_of(header: Header, path: str = "") -> str:
    """The standing address of a file of this issue."""
    return f"{settings.SITE_URL}/ky-cong-bo/{header.name}/{path}"


def catalogue_of(header: Header, tables: Sequence[Described]) -> Graph:
    graph = Graph()
    for prefix, space in (("dcat", DCAT), ("dcterms", DCTERMS), ("foaf", FOAF), ("spdx", SPDX), ("vcard", VCARD)):
        graph.bind(prefix, space)
    publisher = URIRef(f"{settings.SITE_URL}/#publisher")
    catalogue = URIRef(f"{settings.SITE_URL}/#catalogue")
    _say(graph, publisher, [(RDF.type, FOAF.Agent), (FOAF.name, Literal(settings.OPEN_DATA_PUBLISHER, lang="vi"))])
    _say(
        graph,
        catalogue,
        [
            (RDF.type, DCAT.Catalog),
            (DCTERMS.title, Literal("Dữ liệu mở của Thực Thi", lang="vi")),
            (DCTERMS.title, Literal("Open data of Thực Thi", lang="en")),
            (DCTERMS.description, Literal("Việc thực hiện nghị quyết, từng kỳ công bố.", lang="vi")),
            (DCTERMS.description, Literal("How resolutions are carried out, issue by issue.", lang="en")),
            (DCTERMS.publisher, publisher),
            (DCTERMS.license, URIRef(settings.OPEN_DATA_LICENCE)),
            (DCTERMS.modified, Literal(header.as_of.isoformat(), datatype=XSD.date)),
            (FOAF.homepage, URIRef(f"{settings.SITE_URL}/")),
            *((DCTERMS.language, language) for language in LANGUAGES),
        ],
    )
    for each in tables:
        dataset = _dataset(graph, header, each, publisher)
        graph.add((catalogue, DCAT.dataset, dataset))
    return graph


def _dataset(graph: Graph, header: Header, each: Described, publisher: URIRef) -> URIRef:
    dataset = URIRef(address_of(header, f"#{each.table.name}"))
    _say(
        graph,
        dataset,
        [
            (RDF.type, DCAT.Dataset),
            (DCTERMS.identifier, Literal(f"{header.issue}/{each.table.name}")),
            (DCTERMS.title, Literal(f"{each.table.vi}, {header.label_vi}", lang="vi")),
            (DCTERMS.title, Literal(f"{each.table.en}, {header.label_en}", lang="en")),
            (DCTERMS.description, Literal(f"{each.table.vi}. {CONVENTIONS_VI}", lang="vi")),
            (DCTERMS.description, Literal(f"{each.table.en}. {CONVENTIONS_EN}", lang="en")),
            (DCTERMS.publisher, publisher),
            (DCTERMS.issued, Literal(header.as_of.isoformat(), datatype=XSD.date)),
            (DCTERMS.accrualPeriodicity, URIRef(FREQUENCIES[header.kind])),
            (DCTERMS.temporal, _period(graph, header)),
            (DCTERMS.spatial, COUNTRY),
            (DCAT.theme, THEME),
            (URIRef(f"{DCAT}version"), Literal(header.issue)),
            (DCAT.landingPage, URIRef(address_of(header, "du-lieu/index.html"))),
            *((DCTERMS.language, language) for language in LANGUAGES),
        ],
    )
    for file in each.files:
        graph.add((dataset, DCAT.distribution, _distribution(graph, header, file)))
    return dataset


def _period(graph: Graph, header: Header) -> URIRef:
    period = URIRef(address_of(header, "#period"))
    start, end = (Literal(day.isoformat(), datatype=XSD.date) for day in (header.since, header.as_of))
    _say(graph, period, [(RDF.type, DCTERMS.PeriodOfTime), (DCAT.startDate, start), (DCAT.endDate, end)])
    return period


def _distribution(graph: Graph, header: Header, file: DataFile) -> URIRef:
    here = URIRef(address_of(header, file.path))
    checksum = URIRef(f"{here}#checksum")
    _say(
        graph,
        here,
        [
            (RDF.type, DCAT.Distribution),
            (DCTERMS.title, Literal(file.path)),
            (DCAT.accessURL, here),
            (DCAT.downloadURL, here),
            (DCAT.mediaType, URIRef(f"{MEDIA}{file.media_type}")),
            (DCTERMS["format"], URIRef(FILE_TYPES[file.media_type])),
            (DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger)),
            (DCTERMS.license, URIRef(settings.OPEN_DATA_LICENCE)),
            (SPDX.checksum, checksum),
        ],
    )
    _say(
        graph,
        checksum,
        [
            (RDF.type, SPDX.Checksum),
            (SPDX.algorithm, SPDX.checksumAlgorithm_sha256),
            (SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)),
        ],
    )
    return here


def _say(graph: Graph, subject: URIRef, facts: Sequence[tuple[URIRef, Node]]) -> None:
    for predicate, value in facts:
        graph.add((subject, predicate, value))


def turtle_of(graph: Graph) -> bytes:
    return graph.serialize(format="turtle").encode()


def json_ld_of(graph: Graph) -> bytes:
    """Sorted to the last list: the library's own order follows the hash of texts, which differs from run to run."""
    content = json.loads(graph.serialize(format="json-ld", auto_compact=True))
    return json.dumps(_sorted(content), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _sorted(content: object) -> object:
    if isinstance(content, dict):
        return {key: _sorted(value) for key, value in content.items()}
    if isinstance(content, list):
        return sorted((_sorted(each) for each in content), key=lambda each: json.dumps(each, sort_keys=True))
    return content
