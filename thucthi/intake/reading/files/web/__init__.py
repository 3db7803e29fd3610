"""Web pages saved as files: nothing is fetched, nothing declared in them is expanded."""

import re
from pathlib import Path

from lxml import etree, html

from thucthi.intake.reading.files.encodings import decoded, refuse_legacy
from thucthi.intake.reading.files.faults import DAMAGED, Unreadable
from thucthi.intake.reading.files.web.main_part import main_part
from thucthi.intake.reading.files.web.walking import walk
from thucthi.intake.reading.source import Source, SourceBuilder

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WHOLE_FILE = "Toàn tệp"


def read_web(path: Path) -> Source:
    """The main text of an .html file with its tables. Raises Unreadable."""
    found = decoded(path.read_bytes())
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.fromstring(_DECLARATION.sub("", found.text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(DAMAGED) from error
    builder = SourceBuilder()
    walk(builder, main_part(root))
    source = builder.finish()
    for warning in dict.fromkeys((*found.warnings, *refuse_legacy(source.text))):
        builder.warn(_WHOLE_FILE, warning)
    return builder.finish()
