"""Bodies outside the demo's lender: made up, with numbers kept for fiction."""

OMBUDSMAN = {
    "names": {
        "en": "Lending Ombudsman",
        "zh-Hans": "借贷纠纷调解中心",
        "zh-Hant": "借貸爭議評議中心",
        "ar": "أمين مظالم الإقراض",
    },
    "what": {
        "en": "decides, free of charge, and we must follow it",
        "zh-Hans": "作出裁决，不收费，我们必须照办",
        "zh-Hant": "作出評議，不收費，我們必須照辦",
        "ar": "يفصل في الأمر مجانًا، وعلينا أن نلتزم بقراره",
    },
    "phone": "555 0160",
}
SUPERVISOR = {
    "names": {
        "en": "Financial Supervisor",
        "zh-Hans": "金融监管热线",
        "zh-Hant": "金融監理專線",
        "ar": "هيئة الرقابة المالية",
    },
    "what": {
        "en": "watches over all lenders",
        "zh-Hans": "监督所有放款机构",
        "zh-Hant": "監督所有放款機構",
        "ar": "تراقب كل جهات الإقراض",
    },
    "phone": "555 0161",
}
ADVICE_CENTRE = {
    "names": {
        "en": "Town Advice Centre",
        "zh-Hans": "镇咨询中心",
        "zh-Hant": "鎮諮詢中心",
        "ar": "مركز المشورة في البلدة",
    },
    "what": {
        "en": "looks at everything with you, and helps you write",
        "zh-Hans": "跟您一起看整体情况，也帮您写材料",
        "zh-Hant": "跟您一起看整體情況，也幫您寫文件",
        "ar": "ينظر معكم في كل شيء ويساعدكم على الكتابة",
    },
    "phone": "555 0131",
    "address": {"en": "3 Market Square", "zh-Hans": "集市广场 3 号", "zh-Hant": "市集廣場 3 號", "ar": "3 ساحة السوق"},
    "hours": {
        "en": "Monday to Friday, 9 to 5",
        "zh-Hans": "周一至周五 9:00–17:00",
        "zh-Hant": "週一至週五 9:00–17:00",
        "ar": "من الاثنين إلى الجمعة، من 9 إلى 5",
    },
}
LEGAL_AID = {
    "names": {"en": "Legal Aid", "zh-Hans": "法律援助处", "zh-Hant": "法律扶助處", "ar": "المساعدة القانونية"},
    "what": {
        "en": "says what the law says, free of charge",
        "zh-Hans": "免费告诉您法律怎么规定",
        "zh-Hant": "免費告訴您法律怎麼規定",
        "ar": "توضح لكم ما يقوله القانون، مجانًا",
    },
    "phone": "555 0132",
}
COMPLAINT_BODIES = [OMBUDSMAN, SUPERVISOR, ADVICE_CENTRE]
ADVICE = [ADVICE_CENTRE, LEGAL_AID]
