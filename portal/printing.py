"""PDFs from the pages themselves: the same HTML and stylesheet, as they would be printed (WeasyPrint).

WeasyPrint draws with Pango, which is the system's and not pip's. Where it is missing there is no PDF, and the page, which
prints as well, stands in.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from portal.logs import logger

STYLESHEET = Path(__file__).parent / "static" / "leeway.css"
# What WeasyPrint reads otherwise than a browser: a fluid size, and a grid round one letter.
ON_PAPER = """
@page { size: A4; margin: 18mm 17mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif } }
h1 { font-size: 2rem } main { padding: 0 }
.sign i { display: inline-block; line-height: 2.75rem; text-align: center }
"""


def pdf(html: str) -> bytes | None:
    """`html`, a whole page of the portal's, as a PDF of A4 sheets; None where the system can't draw one.

    Nothing is fetched: the stylesheet is read from disk, and whatever else the page refers to is left out.
    """
    weasyprint = drawing()
    if weasyprint is None:
        return None
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    document = weasyprint.HTML(string=LINKED.sub("", html), base_url="leeway:/", url_fetcher=nothing)
    sheets = [weasyprint.CSS(filename=STYLESHEET), weasyprint.CSS(string=ON_PAPER)]
    made: bytes = document.write_pdf(stylesheets=sheets, pdf_variant="pdf/ua-1")
    return made


# The stylesheet comes from disk, and an icon belongs to a browser.
LINKED = re.compile(r'<link rel="(?:stylesheet|icon)"[^>]*>')


@cache
def drawing() -> Any | None:
    """The library, loaded when the first PDF is asked for; None where Pango is missing."""
    try:
        import weasyprint
    except OSError as error:
        logger().warning("pdf_unavailable", error=str(error))
        return None
    return weasyprint
