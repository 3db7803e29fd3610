"""The structure message of SDMX-ML 3.0: lists of codes, concepts, the data structure and its dataflow."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from thucthi.monitoring.calculations.taking_away.contents import Contents
from thucthi.monitoring.calculations.taking_away.sdmx_codes import (
    AGENCY,
    ATTRIBUTES,
    CONCEPTS,
    DIMENSIONS,
    MEASURE,
    STRUCTURE,
    TIME,
    VERSION,
    Component,
    Names,
    codelists,
)

SPACES = {
    name: f"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/{place}"
    for name, place in (("mes", "message"), ("str", "structure"), ("com", "common"))
}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
VALUE = Component(MEASURE, ("Giá trị", "Observation value"), data_type="Decimal")
MODEL = "urn:sdmx:org.sdmx.infomodel"


def structure_of(contents: Contents) -> bytes:
    """What the codes of the data messages mean; it carries the areas and breakdowns that occur."""
    for prefix, space in SPACES.items():
        ET.register_namespace(prefix, space)
    root = ET.Element(_tag("mes:Structure"))
    _header(root, contents)
    structures = _child(root, "mes:Structures")
    _codelists(structures, codelists(contents))
    _concepts(structures)
    _dataflow(structures, contents)
    _data_structure(structures)
    message: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return message


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _child(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, _tag(name), attributes)
    made.text = text or None
    return made


def _named(element: ET.Element, names: Names) -> ET.Element:
    for language, name in zip(("vi", "en"), names, strict=True):
        _child(element, "com:Name", name).set(LANGUAGE, language)
    return element


def _maintained(parent: ET.Element, name: str, code: str, names: Names) -> ET.Element:
    return _named(_child(parent, name, id=code, agencyID=AGENCY, version=VERSION, isExternalReference="false"), names)


def _header(root: ET.Element, contents: Contents) -> None:
    header = _child(root, "mes:Header")
    _child(header, "mes:ID", f"{contents.definition.code}-{contents.as_of.isoformat()}")
    _child(header, "mes:Test", "true" if contents.is_simulated else "false")
    _child(header, "mes:Prepared", f"{contents.as_of.isoformat()}T00:00:00+07:00")
    _child(header, "mes:Sender", id=AGENCY)


def _codelists(structures: ET.Element, lists: Mapping[str, Mapping[str, Names]]) -> None:
    group = _child(structures, "str:Codelists")
    for code, entries in lists.items():
        listed = _maintained(group, "str:Codelist", code, (code, code))
        for entry, names in entries.items():
            _named(_child(listed, "str:Code", id=entry), names)


def _concepts(structures: ET.Element) -> None:
    scheme = _maintained(
        _child(structures, "str:ConceptSchemes"), "str:ConceptScheme", CONCEPTS, ("Khái niệm", "Concepts")
    )
    for each in (*DIMENSIONS, TIME, VALUE, *ATTRIBUTES):
        _named(_child(scheme, "str:Concept", id=each.id), each.name)


def _dataflow(structures: ET.Element, contents: Contents) -> None:
    definition = contents.definition
    names = (definition.name, definition.name_en or definition.name)
    flow = _maintained(_child(structures, "str:Dataflows"), "str:Dataflow", STRUCTURE, names)
    _child(flow, "str:Structure", f"{MODEL}.datastructure.DataStructure={AGENCY}:{STRUCTURE}({VERSION})")


def _data_structure(structures: ET.Element) -> None:
    names = ("Số liệu chỉ tiêu", "Values of indicators")
    whole = _maintained(_child(structures, "str:DataStructures"), "str:DataStructure", STRUCTURE, names)
    components = _child(whole, "str:DataStructureComponents")
    dimensions = _child(components, "str:DimensionList", id="DimensionDescriptor")
    for place, each in enumerate(DIMENSIONS, start=1):
        _component(dimensions, "str:Dimension", each, position=str(place))
    _component(dimensions, "str:TimeDimension", TIME)
    attributes = _child(components, "str:AttributeList", id="AttributeDescriptor")
    for each in ATTRIBUTES:
        made = _component(attributes, "str:Attribute", each, usage="optional")
        _child(_child(made, "str:AttributeRelationship"), "str:Observation")
    measures = _child(components, "str:MeasureList", id="MeasureDescriptor")
    _component(measures, "str:Measure", VALUE, usage="optional")


def _component(parent: ET.Element, name: str, component: Component, **attributes: str) -> ET.Element:
    made = _child(parent, name, id=component.id, **attributes)
    concept = f"{MODEL}.conceptscheme.Concept={AGENCY}:{CONCEPTS}({VERSION}).{component.id}"
    _child(made, "str:ConceptIdentity", concept)
    represented = _child(made, "str:LocalRepresentation")
    if component.codelist:
        listed = f"{MODEL}.codelist.Codelist={AGENCY}:{component.codelist}({VERSION})"
        _child(represented, "str:Enumeration", listed)
    else:
        _child(represented, "str:TextFormat", textType=component.data_type)
    return made
