"""The words of the pages on which a password is set, in both languages; `{…}` is filled in."""

from collections.abc import Mapping

from app.core.text import Bilingual

WORDS: Mapping[str, Bilingual] = {
    # taking up an invitation
    "invitation_title": Bilingual("接受邀请", "Accept your invitation"),
    "invitation_lead": Bilingual(
        "您受邀加入对接平台。请设置今后登录用的密码。",
        "You are invited to Duijie. Choose the password you will sign in with.",
    ),
    "invitation_keyless": Bilingual(
        "请用邀请邮件中的完整链接打开此页。如果没有收到链接，请联系邀请您的人。",
        "Open this page by the whole link in the mail that invited you. If you have none, ask whoever invited you.",
    ),
    "invitation_dead": Bilingual(
        "如果您已设置过密码，请直接在门户网站登录；否则请联系邀请您的人重新邀请。",
        "If you have set a password before, sign in at your portal. Otherwise ask whoever invited you to do so again.",
    ),
    "invitation_done": Bilingual("密码已设置", "Your password is set"),
    # a lost password
    "password_reset_title": Bilingual("重置密码", "Reset your password"),
    "password_reset_lead": Bilingual(
        "请设置新密码。完成后，此前的所有登录都会退出。",
        "Choose a new password. Wherever you are signed in, you will be signed out.",
    ),
    "password_reset_keyless": Bilingual(
        "请用邮件中的完整链接打开此页，或在下面获取新链接。",
        "Open this page by the whole link in the mail, or ask for a new link below.",
    ),
    "password_reset_dead": Bilingual("请在下面获取新链接。", "Ask for a new one below."),
    "password_reset_done": Bilingual("密码已更改", "Your password is changed"),
    # both
    "new_password": Bilingual("新密码", "New password"),
    "hint": Bilingual(
        "至少 {count} 个字符，越长越好，可以是一句话。请避免常用词、姓名和登录名。",
        "At least {count} characters; longer is better, a sentence is fine. Avoid common words, your name and login.",
    ),
    "show_password": Bilingual("显示密码", "Show the password"),
    "set_password": Bilingual("设置密码", "Set the password"),
    "sending": Bilingual("正在提交…", "Sending…"),
    "unanswered": Bilingual(
        "没有收到服务器的答复。请检查网络，然后再试一次。",
        "The server did not answer. Check your connection, then try again.",
    ),
    "your_login": Bilingual("登录名", "Your login"),
    "next": Bilingual(
        "请在您使用的门户网站用新密码登录。此页可以关闭。",
        "Now sign in at your portal with the new password. You can close this page.",
    ),
    "no_script": Bilingual(
        "此页需要 JavaScript。请在浏览器中启用后刷新，或换一个浏览器打开邮件中的链接：仅仅打开链接不会使它失效。",
        "This page needs JavaScript. Enable it and reload, or open the link in the mail with another browser: opening "
        "it does not use it up.",
    ),
    # asking for a new link
    "ask_title": Bilingual("获取新链接", "Ask for a new link"),
    "ask_lead": Bilingual(
        "我们会把链接发给您，{minutes} 分钟内有效。", "We send you a link that is good for {minutes} minutes."
    ),
    "login": Bilingual("登录名（电子邮件地址或手机号码）", "Login (e-mail address or phone number)"),
    "ask": Bilingual("发送链接", "Send the link"),
    "asked_title": Bilingual("请查收邮件", "Check your mail"),
    "asked": Bilingual(
        "如果有此登录名，链接已发出，{minutes} 分钟内有效。"
        "如果几分钟后仍未收到，请检查登录名和垃圾邮件，或联系管理员。",
        "If there is such a login, a link is on its way and good for {minutes} minutes. If none arrives, check the "
        "login and your spam folder, or ask your administrator.",
    ),
}
