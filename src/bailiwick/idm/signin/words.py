"""The words of sign-in's refusals."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules import factors, passwords, recovering, resetting, restoring, signin

WORDS = {
    signin.Refusal.NOT_RECOGNIZED: _(
        "The user ID or the password is not right, or signing in is locked. "
        "After %(failures)s failed attempts in %(window)s minutes, signing in with a password is locked for %(minutes)s "
        "minutes; after %(further)s more attempts it stays locked until you open it by Unlock Account, or the help desk does."
    ),
    signin.Refusal.ACCOUNT_SUSPENDED: _(
        "This account is suspended: somebody of the staff closed it for now. A new password does not open it."
    ),
    signin.Refusal.ACCOUNT_ARCHIVED: _(
        "This account is archived: it was closed for good, and its user ID and Social Security number stay with it."
    ),
    signin.Refusal.ACCOUNT_FROZEN: _(
        "This account is frozen, because somebody told us that a sign-in was not theirs. Set a new password by Forgot "
        "Password: that opens it again, in a few minutes."
    ),
    signin.Refusal.PASSWORD_EXPIRED: _(
        "Your password has expired, because nobody signed in for 60 days. Set a new one to go on."
    ),
    signin.Refusal.ANSWER_LENGTH: _("Use %(least)s to %(most)s characters for the answer."),
    signin.Refusal.QUESTION_UNKNOWN: _("Choose one of the questions shown."),
    factors.Refusal.CODE_WRONG: _(
        "The code is not right, too old or used already, or signing in is locked. "
        "After %(failures)s failed attempts in %(window)s minutes, signing in with a password is locked for %(minutes)s "
        "minutes; after %(further)s more attempts it stays locked until the help desk opens it."
    ),
    factors.Refusal.CODE_TOO_SOON: _(
        "A code was sent a moment ago. You can ask for another in %(seconds)s seconds."
    ),
    factors.Refusal.CODES_TOO_MANY: _(
        "%(times)s codes were sent within the hour. Wait a while before you ask for another."
    ),
    factors.Refusal.FACTORS_FULL: _(
        "You have %(most)s of this kind; an account cannot have more. Remove or change one first."
    ),
    factors.Refusal.FACTOR_TOO_WEAK: _(
        "For this you need your strongest device, as this page offers it. A weaker one is not enough."
    ),
    factors.Refusal.FACTOR_GONE: _("This device is not on your account any more."),
    factors.Refusal.FACTOR_NOT_OFFERED: _("This way is not offered here. Choose another."),
    factors.Refusal.DEVICE_FIRST: _(
        "Recovery codes stand in for a device that you lost. Add a device first, then come back for the codes."
    ),
    factors.Refusal.RECOVERY_CODE_WRONG: _(
        "This is not one of the codes shown. Each has 16 letters and digits."
    ),
    factors.Refusal.PASSKEY_WRONG: _(
        "This passkey could not be verified: it is not on an account here, or the page was open too long. Try again, or "
        "choose another way."
    ),
    factors.Refusal.PASSKEY_NOT_GIVEN: _(
        "No passkey was used. It was canceled, this browser does not have it, or scripts are turned off: passkeys need "
        "JavaScript. Try again, or choose another way."
    ),
    factors.Refusal.PASSKEY_KNOWN: _(
        "This passkey or security key is on an account already. Use another one."
    ),
    factors.Refusal.FACTOR_NOT_STARTED: _(
        "This device was added already, or adding it was begun anew in another window."
    ),
    resetting.Refusal.LINK_UNKNOWN: _(
        "This link is not one of ours, or a part of it is missing. Open it from the mail once more."
    ),
    resetting.Refusal.LINK_EXPIRED: _(
        "This link was good for %(minutes)s minutes, and they are over. Nothing was changed."
    ),
    resetting.Refusal.LINK_USED: _(
        "This link was used already: with it a new password was set. It works once only."
    ),
    resetting.Refusal.LINK_VOID: _(
        "This link is not good any more: a newer one was sent, the password was changed meanwhile, or the answer was "
        "wrong too often. Nothing was changed now."
    ),
    resetting.Refusal.ACCOUNT_NOT_ACTIVE: _(
        "This account is not active, so its password cannot be reset. Nothing was changed."
    ),
    resetting.Refusal.ANSWER_WRONG: _("This is not the answer. Tries left with this link: %(left)s."),
    resetting.Refusal.CHANGED_MEANWHILE: _(
        "The password was changed in another window a moment ago. Nothing was changed here."
    ),
    recovering.Refusal.NOT_BEGUN: _(
        "This page belongs to something that was not begun in this browser, or is over. Nothing was changed."
    ),
    recovering.Refusal.OVER: _(
        "The time for this is over, it is done already, or there were too many wrong tries. Nothing was changed now."
    ),
    recovering.Refusal.OUT_OF_TURN: _("A step before this one was not taken. Nothing was changed."),
    recovering.Refusal.OTHER_WINDOW: _(
        "This page belongs to something that was begun anew in another window of this browser. Nothing was changed."
    ),
    recovering.Refusal.CODE_WRONG: _(
        "The code is not right, too old or used already. After 3 wrong tries choose a way once more, for a new code."
    ),
    recovering.Refusal.ANSWER_WRONG: _("This is not the answer. Tries left: %(left)s."),
    recovering.Refusal.ACCOUNT_NOT_ACTIVE: _(
        "This account is not active, so nothing can be reset or unlocked. Nothing was changed."
    ),
    recovering.Refusal.CHANGED_MEANWHILE: _(
        "The password was changed in another window a moment ago. Nothing was changed here."
    ),
    recovering.Refusal.TOO_MANY_FROM_HERE: _(
        "This was asked for very often from your network within the hour. Wait a while, or call the help desk."
    ),
    restoring.Refusal.RESET_WAITS: _(
        "A reset or an e-mail change waits for this person already. It has to come due or be stopped first."
    ),
    restoring.Refusal.RESET_UNKNOWN: _(
        "This link is not one of ours, or a part of it is missing. Open it from the message once more."
    ),
    restoring.Refusal.RESET_OVER: _("It was stopped already, or it has been done."),
    restoring.Refusal.SAME_PERSON: _(
        "You asked for this yourself. Without the wait a second person of tier 3 has to agree."
    ),
    restoring.Refusal.EMAIL_NOT_NEW: _("This is the address that the account has already."),
    passwords.Refusal.TOO_SHORT: _("Use at least %(least)s characters."),
    passwords.Refusal.TOO_LONG: _("Use at most %(most)s characters."),
    passwords.Refusal.NEEDS_UPPER: _("Use at least one upper-case letter."),
    passwords.Refusal.NEEDS_LOWER: _("Use at least one lower-case letter."),
    passwords.Refusal.NEEDS_DIGIT: _("Use at least one digit."),
    passwords.Refusal.HAS_USER_ID: _(
        "Leave out your user ID: no %(count)s characters in a row of it may be in the password."
    ),
    passwords.Refusal.HAS_NAME: _("Leave out your first and last name."),
    passwords.Refusal.IS_COMMON: _(
        "This password is on a list of common and leaked passwords. Choose another."
    ),
    passwords.Refusal.HAS_REPEAT: _(
        "Do not repeat a character four times in a row, or one piece over and over."
    ),
    passwords.Refusal.HAS_RUN: _("Leave out runs like 12345, abcde or qwert."),
    passwords.Refusal.USED_BEFORE: _("This is one of your last %(count)s passwords. Choose another."),
    passwords.Refusal.NOT_THE_SAME: _("The two passwords are not the same."),
    passwords.Refusal.CHANGED_TODAY: _(
        "A password can be changed once in 24 hours. You can change it again after %(until)s."
    ),
}

FACTOR_WORDS = {
    factors.FactorKind.PASSKEY: _("Passkey or security key"),
    factors.FactorKind.TOTP: _("Authenticator app"),
    factors.FactorKind.SMS: _("Code by text message"),
    factors.FactorKind.VOICE: _("Code by phone call"),
    factors.FactorKind.EMAIL: _("Code by e-mail"),
    factors.FactorKind.RECOVERY: _("Recovery codes"),
}
