"""Staff sign in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

LONGEST_EMAIL = 254  # RFC 5321
LONGEST_PASSWORD = 1024  # hashing takes time with length
TOO_LONG = _l("This is longer than any that we know.")


class SignInForm(FlaskForm):  # type: ignore[misc]
    """`next` is where to go afterwards; who reads it makes sure that it is a page of ours."""

    email = StringField(
        _l("Work email"),
        validators=[InputRequired(_l("Please write your work email.")), Length(max=LONGEST_EMAIL, message=TOO_LONG)],
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Please write your password.")), Length(max=LONGEST_PASSWORD, message=TOO_LONG)],
    )
    next = HiddenField()
