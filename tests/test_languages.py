"""A reader gets the script that they read, from whatever a phone says it speaks."""

import pytest

from portal import languages


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-MY", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("cmn-Hans-CN", "zh-Hans"),
        ("zh-cmn-Hans", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("zh_Hant_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("ZH-hant-CN", "zh-Hant"),
        ("zh-TW-u-nu-hanidec", "zh-Hant"),
        ("cmn-TW", "zh-Hant"),
        ("yue", "zh-Hant"),
        ("yue-CN", "zh-Hans"),
        ("en-GB", "en"),
        ("en-US-posix", "en"),
        ("ar-EG", "ar"),
        ("ar-Latn", None),
        ("en-Shaw", None),
        ("fr", None),
        ("*", None),
        ("zh-", "zh-Hans"),
        ("-", None),
        ("x" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_becomes_the_language_of_its_script(tag, language):
    assert languages.resolve(tag) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-HK, en;q=0.5", "zh-Hant"),
        ("fr, zh-TW;q=0.8, zh;q=0.9", "zh-Hans"),
        ("en;q=0.1, ar;q=0.2", "ar"),
        ("fr-CH, *;q=0.5, ar;q=0.1", "en"),
        ("zh-TW;q=0, ar;q=0.1", "ar"),
        ("de, fr", "en"),
        ("zh-CN;q=nonsense, ar", "ar"),
        (";;,,;q=1", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_browsers_wishes_are_weighed(header, language):
    assert languages.negotiate(header, "en") == language


def test_each_language_names_itself_and_knows_its_direction():
    assert [languages.name(tag) for tag in languages.LANGUAGES] == ["English", "简体", "繁體", "العربية"]
    assert [languages.direction(tag) for tag in languages.LANGUAGES] == ["ltr", "ltr", "ltr", "rtl"]
    assert [str(languages.locale(tag)) for tag in languages.LANGUAGES] == ["en", "zh_Hans_CN", "zh_Hant_TW", "ar"]
