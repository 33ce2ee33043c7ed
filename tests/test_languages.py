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
        ("zh-HK", "zh-Hant-HK"),
        ("zh-MO", "zh-Hant-HK"),
        ("ZH-hant-CN", "zh-Hant"),
        ("zh-TW-u-nu-hanidec", "zh-Hant"),
        ("cmn-TW", "zh-Hant"),
        ("yue", "zh-Hant-HK"),
        ("yue-CN", "zh-Hans"),
        ("yue-Hant", "zh-Hant-HK"),
        ("zh-yue-HK", "zh-Hant-HK"),
        ("zh-Hant-HK", "zh-Hant-HK"),
        ("zh_Hant_HK", "zh-Hant-HK"),
        ("zh-Hant-MO", "zh-Hant-HK"),
        ("zh-Hant", "zh-Hant"),
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
        ("zh-HK, en;q=0.5", "zh-Hant-HK"),
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


def test_a_region_has_the_name_and_the_direction_of_its_language():
    assert languages.base("zh-Hant-HK") == "zh-Hant"
    assert languages.name("zh-Hant-HK") == "繁體"
    assert languages.direction("zh-Hant-HK") == "ltr"
    assert str(languages.locale("zh-Hant-HK")) == "zh_Hant_HK"


@pytest.mark.parametrize(
    ("asked", "wishes", "language"),
    [
        ("zh-Hant", ["en", "zh-HK"], "zh-Hant-HK"),
        ("zh-Hant", ["zh-TW", "zh-HK"], "zh-Hant"),
        ("zh-Hans", ["zh-HK"], "zh-Hans"),
        ("zh-Hant-HK", ["zh-TW"], "zh-Hant-HK"),
        ("ar", [], "ar"),
    ],
)
def test_who_asks_for_a_language_gets_the_region_that_their_phone_names(asked, wishes, language):
    assert languages.regional(asked, wishes) == language


@pytest.mark.parametrize(
    ("folders", "found"),
    [
        ("en sw", [("en", "English", "ltr"), ("sw", "Kiswahili", "ltr")]),
        (
            "en fr_CA fr ur",
            [("en", "English", "ltr"), ("fr", "Français", "ltr"), ("ur", "اردو", "rtl"), ("fr-CA", "Français", "ltr")],
        ),
        ("en pt_PT pt_BR", [("en", "English", "ltr"), ("pt", "Português", "ltr"), ("pt-PT", "Português", "ltr")]),
        ("en sr sr_Latn", [("en", "English", "ltr"), ("sr", "Српски", "ltr"), ("sr-Latn", "Latinica", "ltr")]),
        ("en zh_Hant_HK", [("en", "English", "ltr"), ("zh-Hant", "中文", "ltr")]),
    ],
)
def test_a_folder_is_a_language(tmp_path, folders, found):
    """The one of the likely territory is the language itself, others of the same script are its regions."""
    for folder in folders.split():
        (tmp_path / folder / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "README.md").touch()
    discovered = languages.discover(tmp_path).values()
    assert [(each.tag, each.name, each.direction) for each in discovered] == found
