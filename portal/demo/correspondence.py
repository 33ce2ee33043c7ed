"""What the demo's borrowers and their officer wrote to each other, and a paper that one of them sent."""

import io
from datetime import datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from portal.exchange.papers import read
from portal.models import Borrower, HardshipRequest, Staff
from portal.services import documents, letters
from portal.services.documents import Received

ASKED = {
    "en": "The owner says he may give me one more day after New Year, but it is not certain.",
    "zh-Hans": "老板说过完年可能会多给我排一天班，但是还不确定。",
    "zh-Hant": "老闆說過完年可能會多排一天班給我，但是還不確定。",
    "ar": "يقول صاحب المطعم إنه قد يعطيني يومًا إضافيًا بعد رأس السنة، لكن ذلك غير مؤكد.",
}
ANSWERED = {
    "en": "Thank you for telling me. Either answer is fine. Write again when you know more.",
    "zh-Hans": "谢谢您告诉我。怎样都可以，有消息了再跟我说。",
    "zh-Hant": "謝謝您告訴我。怎樣都可以，有消息了再跟我說。",
    "ar": "شكرًا لإخباري. كلا الأمرين مقبول. اكتبوا إليّ عندما تعرفون المزيد.",
}
WAITING = {
    "en": "Could I pay on the 10th from now on? My wages come later.",
    "zh-Hans": "以后能不能改成 10 号付款？工资发得晚了。",
    "zh-Hant": "以後能不能改成 10 號付款？薪水發得晚了。",
    "ar": "هل يمكنني الدفع في العاشر من كل شهر؟ أصبح راتبي يتأخر.",
}


def exchange(session: Session, answered: Borrower, waits: Borrower, officer: Staff, now: datetime) -> None:
    """One borrower wrote and has an answer, another waits for one."""
    asked = letters.write(session, answered, None, ASKED[answered.language], answered.language, now - timedelta(days=2))
    asked.read_at = now - timedelta(days=1, hours=20)
    words = ANSWERED[answered.language]
    letters.reply(session, officer, answered, words, asked.id, answered.language, now - timedelta(days=1, hours=19))
    letters.write(session, waits, None, WAITING[waits.language], waits.language, now - timedelta(hours=20))


def a_payslip(session: Session, request: HardshipRequest, at: datetime) -> None:
    """A photo of a payslip goes with `request`."""
    sheet = Image.new("RGB", (900, 1200), "white")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((60, 60, 480, 110), fill="black")
    for y in range(200, 1050, 70):
        draw.line((60, y, 560 + y % 210, y), fill="black", width=9)
        draw.line((740, y, 840, y), fill="black", width=9)
    photo = io.BytesIO()
    sheet.save(photo, "JPEG")
    received = Received("payslip.jpg", photo.getvalue(), read(photo.getvalue()))
    documents.keep(session, request.borrower, request, [received], at, "payslip")
