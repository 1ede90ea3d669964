"""The words of sign-in's refusals."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules import factors, passwords, resetting, signin

WORDS = {
    signin.Refusal.NOT_RECOGNIZED: _(
        "The user ID or the password is not right, or signing in is locked. "
        "After %(failures)s failed attempts in %(window)s minutes, signing in with a password is locked for %(minutes)s "
        "minutes; after %(further)s more attempts it stays locked until the help desk opens it."
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
        "You have %(most)s authenticator apps; an account cannot have more. Remove one first."
    ),
    factors.Refusal.FACTOR_TOO_WEAK: _(
        "For this you need your authenticator app. A code by e-mail is not enough."
    ),
    factors.Refusal.FACTOR_GONE: _("This device is not on your account any more."),
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
