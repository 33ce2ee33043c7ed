"""The application that a WSGI server loads, with the settings of its environment."""

from portal.app import create_app
from portal.config import read_settings

app = create_app(read_settings())
