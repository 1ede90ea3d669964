"""What a person reads about a list: what is wrong with a line, and why a line was not set up."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules.lists import FileRefusal, OnFile, Problem

WORDS = {
    FileRefusal.EMPTY: _("There is nothing in it. Choose the file again, or paste the lines."),
    FileRefusal.TOO_LARGE: _(
        "This file is larger than %(most)s MB. A list of 5,000 lines is far smaller; send only the list."
    ),
    FileRefusal.WRONG_KIND: _(
        "This file is neither CSV nor XLSX, whatever its name says. Start from the template, or save the sheet as one of these."
    ),
    FileRefusal.NOT_TEXT: _(
        "The letters of this file cannot be read. Save it as “CSV UTF-8”, or send the workbook (XLSX) itself."
    ),
    FileRefusal.UNREADABLE: _(
        "This workbook is damaged and cannot be opened. Save it anew, or send it as CSV."
    ),
    FileRefusal.UNPACKS_TOO_FAR: _(
        "This workbook holds far more than a list. Copy the list into the template and send that."
    ),
    FileRefusal.PROGRAMS: _(
        "This workbook carries macros or other files. Copy the list into the template and send that."
    ),
    FileRefusal.PASSWORD: _(
        "This workbook is protected by a password, or of the old kind (XLS). Save it as XLSX without a password."
    ),
    FileRefusal.MORE_THAN_ONE: _(
        "Something else is attached to this workbook. Save it anew and send only that."
    ),
    Problem.FORMULA: _(
        "This is a formula, or looks like one: it starts with =, +, - or @. Enter the value itself."
    ),
    Problem.SERVICE_UNKNOWN: _("“%(word)s” is not a service. Enter any of 837, 276/277 and ERA."),
    Problem.ERA_CLASH: _(
        "The services name ERA, the ERA column does not say “assign”. Make both say the same."
    ),
    Problem.OTHER_TIN: _(
        "This TIN is not the one of the form. A provider with another TIN files a form of its own, signed by its own official."
    ),
    Problem.TWICE: _("The same PTAN, NPI and line of business are in line %(line)s already."),
    Problem.TOO_MANY_CELLS: _(
        "This line has more than %(most)s cells. A comma inside a name needs quotation marks."
    ),
    Problem.TOO_MANY_ROWS: _(
        "A list has at most %(most)s lines. What comes from here on was not read; file another form for it."
    ),
}
LEFT_OUT = {
    OnFile.NOT_ON_FILE: _("not on file with the payer under these numbers"),
    OnFile.OTHER_TIN: _("enrolled with another TIN"),
    OnFile.NOT_SERVED: _("not on file with the payer as served by you under the present ID"),
    OnFile.IN_SPOT: _(
        "in SPOT under your submitter ID already, or ended there; the provider files a form of its own"
    ),
}
