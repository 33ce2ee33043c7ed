"""The catalogues of translations/, as Flask-Babel finds them, with a region's few sentences laid over its language's.

What a region leaves out is said as its language says it, and what a language leaves out is said in English.
"""

from collections.abc import Callable
from typing import Any

from babel.support import NullTranslations
from flask import Flask
from flask_babel import Babel, Domain, force_locale, get_locale

from portal import languages


class Layered(Domain):  # type: ignore[misc]
    def get_translations(self) -> NullTranslations:
        found: NullTranslations = super().get_translations()
        tag = languages.resolve(str(get_locale() or ""))
        if tag in languages.REGIONS and found._fallback is None:
            with force_locale(str(languages.locale(languages.base(tag)))):
                found.add_fallback(super().get_translations())
        return found


def init_app(app: Flask, tag_of_request: Callable[[], Any]) -> None:
    """Gives the app its words, in the language or region whose tag `tag_of_request` gives."""
    babel = Babel(app, locale_selector=lambda: str(languages.locale(tag_of_request())))
    babel.domain_instance = Layered()
