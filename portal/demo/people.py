"""The people of the demo: made up, every one. Phone numbers are of ranges kept for fiction or never given out."""

from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = "Asia/Shanghai"
PASSWORD = "leeway demo only"
OFFICER, SUPERVISOR, ADMIN = "grace@northfield.example", "daniel@northfield.example", "layla@northfield.example"
FEATURED_BORN, GUARANTOR_BORN = date(1988, 3, 12), date(1979, 8, 2)


class Person(NamedTuple):
    """greeting: how a letter addresses them. place: decides currency, time zone and the form of the number."""

    name: str
    greeting: str
    language: str
    place: str


def _people(language: str, place: str, *names: tuple[str, str]) -> list[Person]:
    return [Person(name, greeting, language, place) for name, greeting in names]


# Place -> IANA zone, currency, and the number's form with four digits to fill in.
PLACES = {
    "CN": ("Asia/Shanghai", "CNY", "+861390000{:04d}"),
    "TW": ("Asia/Taipei", "TWD", "+88690000{:04d}"),
    "US": ("America/New_York", "USD", "+1202555{:04d}"),
    "JP": ("Asia/Tokyo", "JPY", "+81709000{:04d}"),
    "AE": ("Asia/Dubai", "USD", "+97150000{:04d}"),
}

FEATURED = Person("陈美玲", "陈女士", "zh-Hans", "CN")

PEOPLE = [
    *_people(
        "zh-Hans",
        "CN",
        ("刘建国", "刘先生"),
        ("王秀英", "王女士"),
        ("李春梅", "李女士"),
        ("张志强", "张先生"),
        ("赵小燕", "赵女士"),
        ("周文斌", "周先生"),
        ("吴桂兰", "吴女士"),
        ("郑海涛", "郑先生"),
        ("孙丽华", "孙女士"),
        ("马军", "马先生"),
        ("朱玉珍", "朱女士"),
        ("胡晓峰", "胡先生"),
        ("郭凤霞", "郭女士"),
        ("何永福", "何先生"),
        ("高淑芳", "高女士"),
        ("罗小明", "罗先生"),
        ("梁月娥", "梁女士"),
        ("宋佳宁", "宋女士"),
        ("唐国平", "唐先生"),
        ("韩雪梅", "韩女士"),
    ),
    *_people("zh-Hans", "JP", ("冯立新", "冯先生"), ("董慧", "董女士")),
    *_people(
        "zh-Hant",
        "TW",
        ("林淑惠", "林小姐"),
        ("黃俊傑", "黃先生"),
        ("許雅婷", "許小姐"),
        ("蔡明哲", "蔡先生"),
        ("謝美惠", "謝小姐"),
        ("楊宗翰", "楊先生"),
        ("洪麗珠", "洪小姐"),
        ("曾文雄", "曾先生"),
        ("邱秀蘭", "邱小姐"),
        ("廖志偉", "廖先生"),
        ("賴玉鳳", "賴小姐"),
        ("蘇建宏", "蘇先生"),
    ),
    *_people("zh-Hant", "JP", ("葉佩珊", "葉小姐")),
    *_people(
        "en",
        "US",
        ("Ravi Menon", "Mr Menon"),
        ("Ana Reyes", "Ms Reyes"),
        ("Tomás Oliveira", "Mr Oliveira"),
        ("Nguyễn Thị Lan", "Ms Nguyễn"),
        ("Budi", "Budi"),
        ("Patricia O'Hara", "Ms O'Hara"),
        ("Samuel Adeyemi", "Mr Adeyemi"),
        ("Marta Kowalska", "Ms Kowalska"),
        ("James Whitfield", "Mr Whitfield"),
        ("Rosa Delgado", "Ms Delgado"),
        ("Kofi Mensah", "Mr Mensah"),
        ("Linda Park", "Ms Park"),
        ("George Hill", "Mr Hill"),
        ("Elena Petrova", "Ms Petrova"),
    ),
    *_people(
        "en",
        "JP",
        ("Hana Mori", "Ms Mori"),
    ),
    *_people(
        "ar",
        "AE",
        ("سميرة حداد", "السيدة سميرة حداد"),
        ("فاطمة صالح", "السيدة فاطمة صالح"),
        ("أحمد منصور", "السيد أحمد منصور"),
        ("ليلى العلي", "السيدة ليلى العلي"),
        ("يوسف خليل", "السيد يوسف خليل"),
        ("نور الدين عباس", "السيد نور الدين عباس"),
        ("هدى سالم", "السيدة هدى سالم"),
        ("محمد عمر", "السيد محمد عمر"),
    ),
]
GUARANTOR = Person("陈伟", "陈先生", "zh-Hans", "CN")


def noon(day: date) -> datetime:
    """Midday at the lender's."""
    return datetime.combine(day, time(12), ZoneInfo(ZONE)).astimezone(UTC)
